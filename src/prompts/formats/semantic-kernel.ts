import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import {
  at,
  countAt,
  dataOf,
  entriesAt,
  itemsAt,
  type Located,
  templateValue,
  textAt,
} from '../format-contract/located.ts';
import { messagesByTags } from '../format-contract/message-tags.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import { type Hole, templateWithHoles } from '../format-contract/template-holes.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { renderedPrompt } from '../format-contract/rendered-prompt.ts';
import { readStructured } from '../format-contract/structured-text.ts';
import type { Prompt } from '../prompt.ts';
import type { ParsedTemplate, Template, TemplateText } from '../rendering/engine.ts';
import { parseHandlebars } from '../rendering/handlebars.ts';
import type { Helper } from '../rendering/handlebars-helpers.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import type { GivenValue, Values } from '../rendering/values.ts';

/**
 * Prompts of Semantic Kernel: `skprompt.txt` with `config.json` beside it, or one YAML file
 * (learn.microsoft.com/semantic-kernel/concepts/prompts, 2026-11-22).
 */
export default {
  id: 'semantic-kernel',
  name: 'Semantic Kernel (skprompt.txt, YAML with template_format)',
  recognizes(path, text) {
    if (isSkprompt(path)) return 'certain';
    if (!/\.ya?ml$/i.test(path) || /^_type\s*:/m.test(text) || !/^template\s*:/m.test(text))
      return 'no';
    if (/^template_format\s*:\s*["']?(?:semantic-kernel|handlebars|liquid)\b/m.test(text))
      return 'certain';
    return /^(?:input_variables|execution_settings)\s*:/m.test(text) ? 'likely' : 'no';
  },
  async read(text, context) {
    const { path } = context;
    if (isSkprompt(path)) {
      const settings = await settingsBeside(context);
      const source = { text: text.replace(/^\uFEFF/, ''), origin: { file: path, line: 1 } };
      return promptsOf(source, settings, context);
    }
    const read = readStructured('yaml', text, path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    const template = at(read.value, 'template');
    if (template?.kind !== 'text')
      return {
        prompts: [],
        findings: [
          {
            level: 'error',
            code: 'unexpected-value',
            message: 'expected a text under template',
            origin: { file: path, line: template?.line ?? read.value.line },
          },
        ],
      };
    const source: TemplateText = {
      text: template.value,
      origin: { file: path, line: template.textLine },
      escaped: template.escaped,
    };
    return promptsOf(source, { value: read.value, file: path, findings: [] }, context);
  },
} satisfies PromptFormat;

const isSkprompt = (path: string): boolean => /(?:^|\/)skprompt\.txt$/i.test(path);

/** What the config says, and the file it stands in. */
interface Settings {
  readonly value: Located | undefined;
  readonly file: string | undefined;
  readonly findings: readonly Finding[];
}

async function settingsBeside({ include }: FormatContext): Promise<Settings> {
  const included = await include('config.json');
  if (included.kind === 'missing') {
    const { finding } = included;
    const findings = finding.code === 'missing-file' ? [] : [finding];
    return { value: undefined, file: undefined, findings };
  }
  const read = readStructured('json', included.text, included.path);
  return read.kind === 'value'
    ? { value: read.value, file: included.path, findings: included.findings }
    : { value: undefined, file: included.path, findings: [read.finding] };
}

function promptsOf(
  source: TemplateText,
  settings: Settings,
  context: FormatContext,
): { readonly prompts: readonly Prompt[]; readonly findings: readonly Finding[] } {
  const language = textAt(settings.value, 'template_format') ?? 'semantic-kernel';
  const parsed = parseTemplate(source, language);
  return parsed.kind === 'broken'
    ? { prompts: [], findings: [...settings.findings, parsed.finding] }
    : { prompts: [promptOf(parsed.template, settings, context)], findings: [] };
}

function parseTemplate(source: TemplateText, language: string): ParsedTemplate {
  if (language === 'semantic-kernel')
    return { kind: 'template', template: templateWithHoles(source, holeOf) };
  if (language === 'jinja2') return jinjaEngine().parse(source);
  if (language === 'liquid') return parseLiquid(source);
  if (language !== 'handlebars')
    return { kind: 'template', template: unresolved(source, language) };
  const parsed = parseHandlebars(source, { helpers: new Set(['message']) });
  if (parsed.kind === 'broken') return parsed;
  const { template } = parsed;
  const helpers = new Map([['message', messageHelper]]);
  return {
    kind: 'template',
    template: { ...template, render: (values, output) => template.render(values, output, helpers) },
  };
}

/** Variables, conditions and loops of Liquid are those of Jinja; what it has beside them is told where it is met. */
function parseLiquid(source: TemplateText): ParsedTemplate {
  const parsed = jinjaEngine().parse(source);
  if (parsed.kind === 'broken') return parsed;
  const finding: Finding = {
    level: 'warning',
    code: 'approximate-engine',
    message: 'is read as Jinja, whose variables, conditions and loops Liquid shares',
    origin: source.origin,
  };
  const { template } = parsed;
  return {
    kind: 'template',
    template: { ...template, findings: [...template.findings, finding] },
  };
}

/** `{{$x}}` is a variable, `{{'text'}}` a text, anything else a function that code defines. */
function holeOf(inside: string): Hole | undefined {
  const written = inside.trim();
  const variable = /^\$(\w+)$/.exec(written)?.[1];
  if (variable !== undefined) return { kind: 'variable', name: variable };
  const [, , text] = /^(["'])(.*)\1$/s.exec(written) ?? [];
  if (text !== undefined) return { kind: 'text', text: text.replace(/\\(["'\\])/g, '$1') };
  const name = /^[A-Za-z_][\w.]*/.exec(written)?.[0];
  return name === undefined ? undefined : { kind: 'call', name };
}

/** `{{#message role="system"}}…{{/message}}` is the tag of a message. */
const messageHelper: Helper = {
  run({ named, output, body }) {
    const role = named.get('role')?.value;
    output.text(
      `<message role="${typeof role === 'string' ? role.replace(/[<>"']/g, '') : 'user'}">`,
    );
    body();
    output.text('</message>');
    return undefined;
  },
};

/** A template of a language that is not rendered: its text has no size that could be counted. */
const unresolved = ({ origin }: TemplateText, language: string): Template => ({
  variables: [],
  findings: [
    {
      level: 'error',
      code: 'unresolved-engine',
      message: `templates of ${quote(language)} are not rendered; write it for semantic-kernel, handlebars or jinja2, or leave the prompt out`,
      origin,
    },
  ],
  render: () => [],
});

function promptOf(template: Template, settings: Settings, context: FormatContext): Prompt {
  const { path } = context;
  const { value, file = path } = settings;
  const service = serviceOf(value);
  const model = modelOf(service);
  const name = textAt(value, 'name');
  const maxOutputTokens =
    countAt(service, 'max_tokens') ??
    countAt(service, 'max_completion_tokens') ??
    countAt(service, 'max_output_tokens');
  const schema = at(service, 'response_format', 'json_schema');
  return {
    ...(name === undefined ? {} : { name }),
    path,
    line: 1,
    format: 'semantic-kernel',
    ...(model === undefined ? {} : splitModelName(model)),
    variables: template.variables,
    defaults: defaultsOf(value, file),
    samples: [],
    tools: [],
    ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    inputs: [...new Set([path, file])].toSorted(),
    findings: [...settings.findings, ...template.findings, ...functionsOf(service, file)],
    render: (values) =>
      renderedPrompt(path, (output) => {
        const noticed = template.render(values, output);
        const { messages, findings } = messagesByTags(output.take(), context);
        return { messages, findings: [...noticed, ...findings] };
      }),
  };
}

const modelOf = (service: Located | undefined): string | undefined =>
  textAt(service, 'model_id') ?? textAt(service, 'ModelId') ?? textAt(service, 'model');

/** Settings of the first service that names a model, as the kernel tries them; else the default ones. Older files list them. */
function serviceOf(value: Located | undefined): Located | undefined {
  const named = entriesAt(value, 'execution_settings');
  const services = [...named.values(), ...itemsAt(value, 'execution_settings')];
  return (
    services.find((service) => modelOf(service) !== undefined) ??
    named.get('default') ??
    services[0] ??
    at(value, 'completion')
  );
}

/** Functions that are sent as tools: code defines them, and says what they are for. */
function functionsOf(service: Located | undefined, file: string): readonly Finding[] {
  const choice = at(service, 'function_choice_behavior');
  const type = textAt(choice, 'type');
  if (choice === undefined || type === undefined || type === 'none') return [];
  const names = itemsAt(choice, 'functions').flatMap((name) => textAt(name) ?? []);
  const which =
    names.length === 0
      ? 'all functions of the kernel'
      : `the functions ${names.map(quote).join(', ')}`;
  return [
    {
      level: 'warning',
      code: 'unresolved-tools',
      message: `${which} are sent as tools that code defines, so they are not counted`,
      origin: { file, line: choice.line, column: choice.column },
    },
  ];
}

/** `input_variables`, or `input.parameters` of older files. */
function defaultsOf(value: Located | undefined, file: string): Values {
  const defaults = new Map<string, GivenValue>();
  for (const input of [
    ...itemsAt(value, 'input_variables'),
    ...itemsAt(value, 'input', 'parameters'),
  ]) {
    const name = textAt(input, 'name');
    const fallback = at(input, 'default') ?? at(input, 'defaultValue');
    if (name === undefined || fallback === undefined || fallback.kind === 'nothing') continue;
    const origin = { file, line: fallback.line, column: fallback.column };
    defaults.set(name, { value: templateValue(fallback), origin });
  }
  return defaults;
}
