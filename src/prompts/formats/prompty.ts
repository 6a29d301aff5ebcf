import { quote } from '../../errors.ts';
import type { ToolDefinition } from '../counting/token-count.ts';
import type { Finding } from '../finding.ts';
import { openReferences, type References } from '../format-contract/file-references.ts';
import { valuesOf } from '../format-contract/given-values.ts';
import { readHeader } from '../format-contract/header.ts';
import {
  at,
  countAt,
  dataOf,
  itemsAt,
  type Located,
  templateValue,
  textAt,
} from '../format-contract/located.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import { parameterSchema, parametersIn } from '../format-contract/parameter-schema.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { renderedPrompt } from '../format-contract/rendered-prompt.ts';
import { messagesByRoleLines, withStandIns } from '../format-contract/role-lines.ts';
import { loadTemplates } from '../format-contract/template-files.ts';
import type { Prompt, Sample } from '../prompt.ts';
import type { Template, TemplateEngine } from '../rendering/engine.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import { mustacheEngine } from '../rendering/mustache.ts';
import type { GivenValue, Values } from '../rendering/values.ts';

/** Prompty files of version 1 and 2: front matter, then a template with lines such as `system:` (prompty.ai/docs, 2026-11-22). */
export default {
  id: 'prompty',
  name: 'Prompty (.prompty)',
  recognizes: (path) => (path.endsWith('.prompty') ? 'certain' : 'no'),
  async read(text, context) {
    const { path } = context;
    const parts = readHeader(text, path);
    if (parts.kind === 'broken') return failed(parts.finding);
    const engine = engineOf(parts.header, path);
    const loaded = await loadTemplates(engine.engine, parts.body, (name) => context.include(name));
    const parsed = engine.engine.parse(
      { text: parts.body, origin: { file: path, line: parts.bodyLine } },
      loaded.find,
    );
    if (parsed.kind === 'broken') return failed(parsed.finding);
    const references = openReferences(context);
    const prompt = await promptOf(parts.header, parsed.template, references, context);
    return {
      prompts: [
        {
          ...prompt,
          inputs: [...new Set([path, ...loaded.paths, ...references.paths()])].toSorted(),
          findings: [
            ...engine.findings,
            ...prompt.findings,
            ...references.findings(),
            ...loaded.findings,
            ...parsed.template.findings,
          ],
        },
      ],
      findings: [],
    };
  },
} satisfies PromptFormat;

const failed = (finding: Finding) => ({ prompts: [], findings: [finding] });

/** `template: mustache`, `template: {type: …}` of version 1, `template: {format: {kind: …}}` of version 2; Jinja where nothing is said. */
function engineOf(
  header: Located | undefined,
  file: string,
): { readonly engine: TemplateEngine; readonly findings: readonly Finding[] } {
  const written =
    at(header, 'template', 'format', 'kind') ??
    at(header, 'template', 'format') ??
    at(header, 'template', 'type') ??
    at(header, 'template');
  const name = textAt(written)?.toLowerCase();
  if (name === 'mustache') return { engine: mustacheEngine(), findings: [] };
  if (name === 'nunjucks') return { engine: jinjaEngine({ dialect: 'nunjucks' }), findings: [] };
  const known = name === undefined || name === 'jinja2' || name === 'jinja';
  return {
    engine: jinjaEngine(),
    findings:
      known || written === undefined
        ? []
        : [
            {
              level: 'warning',
              code: 'unknown-engine',
              message: `the template language ${quote(name)} is not known, so it is read as jinja2; it may be jinja2 or mustache`,
              origin: { file, line: written.line, column: written.column },
            },
          ],
  };
}

async function promptOf(
  header: Located | undefined,
  template: Template,
  references: References,
  context: FormatContext,
): Promise<Prompt> {
  const { path } = context;
  const model = at(header, 'model');
  const options = at(model, 'options') ?? at(model, 'parameters');
  const name = textAt(header, 'name');
  const inputs = await inputsOf(header, references);
  const maxOutputTokens =
    countAt(options, 'max_tokens') ??
    countAt(options, 'max_completion_tokens') ??
    countAt(options, 'maxOutputTokens') ??
    countAt(options, 'max_output_tokens');
  const reasoningEffort = textAt(options, 'reasoning_effort') ?? textAt(options, 'reasoningEffort');
  const schema = await schemaOf(header, options, references);
  const tools = await toolsOf(at(header, 'tools') ?? at(options, 'tools'), references, path);
  return {
    ...(name === undefined ? {} : { name }),
    path,
    line: 1,
    format: 'prompty',
    ...(await modelOf(model, references)),
    variables: template.variables,
    defaults: inputs.defaults,
    samples: inputs.samples,
    tools: tools.defined,
    ...(schema === undefined ? {} : { outputSchema: schema }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    inputs: [path],
    findings: tools.findings,
    render: (values) =>
      renderedPrompt(path, (output) => {
        const findings = template.render(withStandIns(values, inputs.kinds), output);
        return { messages: messagesByRoleLines(output.take(), inputs.kinds, context), findings };
      }),
  };
}

/** A name alone, `{id, provider}` of version 2, or `{configuration: {type, azure_deployment}}` of version 1, which its last releases call `connection`. */
async function modelOf(
  model: Located | undefined,
  references: References,
): Promise<Pick<Prompt, 'model' | 'provider'>> {
  const configuration = at(model, 'configuration') ?? at(model, 'connection');
  const deployment = at(configuration, 'azure_deployment');
  const written =
    model?.kind === 'text'
      ? model
      : (at(model, 'id') ?? at(configuration, 'model') ?? deployment ?? at(configuration, 'name'));
  const name = textAt((await references.follow(written))?.value);
  const provider =
    textAt(model, 'provider') ??
    textAt(configuration, 'type') ??
    (deployment === undefined ? undefined : 'azure');
  return {
    ...(name === undefined ? {} : splitModelName(name)),
    ...(provider === undefined ? {} : { provider }),
  };
}

interface Inputs {
  readonly defaults: Values;
  readonly samples: readonly Sample[];
  /** Inputs that are no text: `image` and `thread`. */
  readonly kinds: ReadonlyMap<string, string>;
}

async function inputsOf(header: Located | undefined, references: References): Promise<Inputs> {
  const defaults = new Map<string, GivenValue>();
  const examples = new Map<string, GivenValue>();
  const kinds = new Map<string, string>();
  const declared = await references.follow(at(header, 'inputs') ?? at(header, 'inputSchema'));
  const file = declared?.file ?? '';
  for (const [name, input] of parametersIn(at(declared?.value, 'properties') ?? declared?.value)) {
    const kind = textAt(input, 'kind') ?? textAt(input, 'type');
    if (kind === 'image' || kind === 'thread') kinds.set(name, kind);
    // `firstName: Jane` is short for a text with that default.
    const written = input.kind === 'map' ? at(input, 'default') : input;
    const fallback = await givenBy(written, references, file);
    if (fallback !== undefined) defaults.set(name, fallback);
    const example = at(input, 'example') ?? at(input, 'sample');
    const value = await givenBy(example, references, file);
    if (value !== undefined) examples.set(name, value);
  }
  const sample = at(header, 'sample');
  const found =
    sample?.kind === 'text' && !sample.value.includes('${')
      ? await references.open(sample.value, sample)
      : await references.follow(sample);
  if (found !== undefined)
    for (const [name, value] of valuesOf(found.value, found.file)) examples.set(name, value);
  return {
    defaults,
    kinds,
    samples: examples.size === 0 ? [] : [{ name: 'example', values: examples }],
  };
}

async function givenBy(
  value: Located | undefined,
  references: References,
  file: string,
): Promise<GivenValue | undefined> {
  const found = await references.follow(value);
  if (found === undefined) return undefined;
  const { line, column } = found.value;
  // What is no reference stands where its declaration does.
  const origin = { file: found.value === value ? file : found.file, line, column };
  return { value: templateValue(found.value), origin };
}

/** What the answer has to be: `outputs` of version 2, `response_format` of version 1. */
async function schemaOf(
  header: Located | undefined,
  options: Located | undefined,
  references: References,
): Promise<unknown> {
  const format = (await references.follow(at(options, 'response_format')))?.value;
  const schema = at(format, 'json_schema');
  if (schema !== undefined) return dataOf(schema);
  const outputs = at(header, 'outputs') ?? at(header, 'outputSchema');
  const typed =
    at(outputs, 'properties') !== undefined ||
    parametersIn(outputs).some(([, item]) => at(item, 'kind') !== undefined);
  return outputs !== undefined && typed ? parameterSchema(outputs) : undefined;
}

/** Functions are sent with what `bindings` do not fill in; tools of servers and of APIs are defined there. */
async function toolsOf(
  written: Located | undefined,
  references: References,
  file: string,
): Promise<{ readonly defined: readonly ToolDefinition[]; readonly findings: readonly Finding[] }> {
  const found = await references.follow(written);
  const unresolved: string[] = [];
  const defined = itemsAt(found?.value).flatMap((tool): ToolDefinition[] => {
    const kind = textAt(tool, 'kind') ?? textAt(tool, 'type') ?? 'function';
    const described = at(tool, 'function') ?? tool;
    const name = textAt(described, 'name') ?? textAt(described, 'id');
    if (kind !== 'function' || name === undefined) {
      unresolved.push(`${name ?? 'a tool'} (${kind})`);
      return [];
    }
    const description = textAt(described, 'description');
    const parameters = at(described, 'parameters');
    const bound = new Set(parametersIn(at(tool, 'bindings')).map(([parameter]) => parameter));
    return [
      {
        name,
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined ? {} : { parameters: parameterSchema(parameters, bound) }),
      },
    ];
  });
  if (unresolved.length === 0 || found === undefined) return { defined, findings: [] };
  const { line, column } = found.value;
  return {
    defined,
    findings: [
      {
        level: 'warning',
        code: 'unresolved-tools',
        message: `the tools ${unresolved.map(quote).join(', ')} are defined elsewhere, so they are not counted`,
        origin: { file: found.file === '' ? file : found.file, line, column },
      },
    ],
  };
}
