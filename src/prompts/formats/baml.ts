import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { openMessages } from '../format-contract/message-builder.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { trimPieces } from '../format-contract/pieces.ts';
import { renderedPrompt } from '../format-contract/rendered-prompt.ts';
import { contentOf, withStandIns } from '../format-contract/role-lines.ts';
import type { Content, Message, Prompt } from '../prompt.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import type { TemplateEngine } from '../rendering/engine.ts';
import type { HostFunction } from '../rendering/jinja-state.ts';
import type { Piece } from '../rendering/output.ts';
import type { Value } from '../rendering/values.ts';
import { type Client, clientOf } from './baml/clients.ts';
import type { Declaration } from './baml/declarations.ts';
import { outputFormat } from './baml/output-format.ts';
import { type Found, foundBeside, parseFile } from './baml/project.ts';
import { samplesFor } from './baml/samples.ts';
import { inItsFile, templateStrings } from './baml/template-strings.ts';
import type { BamlType } from './baml/type-grammar.ts';
import type { BamlValue } from './baml/value-grammar.ts';
import { type Declared, dynamicNames, undeclaredNames, usedNames } from './baml/type-names.ts';

/** BAML files: functions with a prompt each, in a typed language around Jinja (docs.boundaryml.com, 2026-11-22). */
export default {
  id: 'baml',
  name: 'BAML (.baml)',
  recognizes: (path) => (path.endsWith('.baml') ? 'certain' : 'no'),
  async read(text, context) {
    const own = parseFile(text, context.path);
    if (own.kind === 'broken') return { prompts: [], findings: [own.finding] };
    const functions = own.found.map(({ declaration }) => declaration).filter(isPrompt);
    if (functions.length === 0) return { prompts: [], findings: [] };
    const found = [...(await foundBeside(context)), ...own.found];
    const read = functions.map((declaration) => readFunction(declaration, found, context));
    return {
      prompts: read.flatMap((result) => ('prompt' in result ? result.prompt : [])),
      findings: read.flatMap((result) => ('finding' in result ? result.finding : [])),
    };
  },
} satisfies PromptFormat;

type FunctionDeclaration = Declaration & { readonly kind: 'function' };

/** A function without a prompt is written in code. */
const isPrompt = (declaration: Declaration): declaration is FunctionDeclaration =>
  declaration.kind === 'function' && declaration.body.get('prompt')?.kind === 'text';

function readFunction(
  declaration: FunctionDeclaration,
  found: readonly Found[],
  context: FormatContext,
): { readonly prompt: Prompt } | { readonly finding: Finding } {
  const { path } = context;
  const { name, line, parameters, returns, body } = declaration;
  const written = promptTextOf(body);
  const byName = new Map(found.map((one) => [one.declaration.name, one]));
  const declared: Declared = new Map(found.map((one) => [one.declaration.name, one.declaration]));
  const client = clientOf(body.get('client'), byName, path);
  const strings = templateStrings(byName);
  const engine = engineFor(returns, declared, client);
  const text = `${strings.importsFor(written.value)}${written.value}`;
  const origin = { file: path, line: written.textLine };
  const parsed = engine.jinja.parse({ text, origin }, strings.find);
  if (parsed.kind === 'broken') return { finding: parsed.finding };
  const { template } = parsed;
  const media = new Map([...parameters].flatMap(([parameter, type]) => mediaIn(parameter, type)));
  const types = [...usedNames(returns, declared)].flatMap((type) => byName.get(type)?.file ?? []);
  const prompt: Prompt = {
    name,
    path,
    line,
    format: 'baml',
    ...client.model,
    variables: template.variables,
    defaults: new Map(),
    samples: samplesFor(name, found),
    tools: [],
    ...(client.maxOutputTokens === undefined ? {} : { maxOutputTokens: client.maxOutputTokens }),
    inputs: [
      ...new Set([path, ...types, ...client.files, ...strings.filesFor(written.value)]),
    ].toSorted(),
    findings: [
      ...client.findings,
      ...template.findings.map(placed),
      ...(/\bctx\s*\.\s*output_format\b/.test(written.value)
        ? formatFindings(declaration, declared, path)
        : []),
    ],
    render: (values) =>
      renderedPrompt(path, (output) => {
        const messages = openMessages(output, { role: client.role, trimmed: true });
        engine.say(messages.begin);
        const findings = template.render(withStandIns(values, media), output);
        return {
          messages: messages.finish().map((message) => withMedia(message, media, context)),
          findings: findings.map(placed),
        };
      }),
  };
  return { prompt };
}

/** Jinja with what BAML adds: `_.role`, `_.chat` and `ctx`. `say` tells where the next rendering takes its roles. */
function engineFor(
  returns: BamlType,
  declared: Declared,
  client: Client,
): { readonly jinja: TemplateEngine; readonly say: (begin: (role: string) => void) => void } {
  let begin: ((role: string) => void) | undefined;
  const says: HostFunction = ({ plain: [role], named }) => {
    const said = role ?? named.get('role');
    if (typeof said === 'string') begin?.(said);
    return undefined;
  };
  const context = contextValue(outputFormat(returns, declared), client);
  const jinja = jinjaEngine({
    trimBlocks: true,
    lstripBlocks: true,
    functions: new Map<string, HostFunction>([
      ['_.role', says],
      ['_.chat', says],
      ['ctx.output_format', ({ named }) => formatted(returns, declared, named)],
    ]),
    globals: new Map([['ctx', { value: context, constant: true }]]),
  });
  return {
    jinja,
    say(next) {
      begin = next;
    },
  };
}

const promptTextOf = (
  body: ReadonlyMap<string, BamlValue>,
): { value: string; textLine: number } => {
  const prompt = body.get('prompt');
  return prompt?.kind === 'text' ? prompt : { value: '', textLine: 1 };
};

/** What is not sure about the schema that a prompt prints. */
function formatFindings(
  { returns, line }: FunctionDeclaration,
  declared: Declared,
  file: string,
): readonly Finding[] {
  const missing = undeclaredNames(returns, declared);
  const estimated: Finding = {
    level: 'notice',
    code: 'estimated-output-format',
    message:
      'what BAML prints for ctx.output_format is written after its documentation and may differ by version',
    origin: { file, line },
  };
  const dynamic = dynamicNames(returns, declared);
  const unresolved = (message: string): Finding => ({
    level: 'warning',
    code: 'unresolved-type',
    message,
    origin: { file, line },
  });
  return [
    estimated,
    ...(missing.length === 0
      ? []
      : [
          unresolved(
            `the types ${missing.map(quote).join(', ')} are not declared in these files, so only their names are counted`,
          ),
        ]),
    ...(dynamic.length === 0
      ? []
      : [
          unresolved(
            `code adds to the types ${dynamic.map(quote).join(', ')} while it runs, which is not counted`,
          ),
        ]),
  ];
}

/** `ctx` of a prompt. */
const contextValue = (format: string, { model }: Client): Value =>
  new Map<string, Value>([
    ['output_format', format],
    [
      'client',
      new Map<string, Value>([
        ['provider', model.provider ?? null],
        ['name', model.model ?? null],
      ]),
    ],
    ['tags', new Map<string, Value>()],
  ]);

/** `ctx.output_format(prefix=…, or_splitter=…)`. */
function formatted(type: BamlType, declared: Declared, named: ReadonlyMap<string, Value>): string {
  const text = (key: string): string | undefined => {
    const value = named.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const prefix = named.get('prefix') === null ? null : text('prefix');
  const orSplitter = text('or_splitter');
  const enumValuePrefix = text('enum_value_prefix');
  return outputFormat(type, declared, {
    ...(prefix === undefined ? {} : { prefix }),
    ...(orSplitter === undefined ? {} : { orSplitter }),
    ...(enumValuePrefix === undefined ? {} : { enumValuePrefix }),
    ...(named.get('always_hoist_enums') === true ? { hoistEnums: true } : {}),
  });
}

/** Media that a parameter holds, itself or as a list. One that may be a text as well is read as a text. */
function mediaIn(name: string, type: BamlType): readonly (readonly [string, string])[] {
  const items = type.kind === 'list' ? [type.item] : type.kind === 'union' ? type.items : [type];
  const names = items.flatMap((item) => (item.kind === 'name' ? item.name : []));
  const kind = names.includes('string') ? undefined : names.find((item) => MEDIA.has(item));
  return kind === undefined ? [] : [[name, kind]];
}

const MEDIA = new Set(['image', 'audio', 'pdf', 'video']);

/** A message with media in their places; BAML trims every text between them. */
const withMedia = (
  message: Message,
  kinds: ReadonlyMap<string, string>,
  context: FormatContext,
): Message => ({
  ...message,
  content: message.content.flatMap((part): readonly Content[] =>
    part.kind === 'text'
      ? contentOf(part.pieces.map(ownText), kinds, context).map((inner) =>
          inner.kind === 'text' ? { ...inner, pieces: trimPieces(inner.pieces) } : inner,
        )
      : [part],
  ),
});

/** What `ctx` prints is part of the template: no variable decides it. */
function ownText(piece: Piece): Piece {
  if (piece.kind !== 'text') return piece;
  if (piece.variable === 'ctx') return { kind: 'text', text: piece.text, varies: false };
  return piece.origin === undefined ? piece : { ...piece, origin: inItsFile(piece.origin) };
}

const placed = (finding: Finding): Finding =>
  finding.origin === undefined ? finding : { ...finding, origin: inItsFile(finding.origin) };
