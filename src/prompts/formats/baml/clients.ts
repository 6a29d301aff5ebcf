import { quote } from '../../../errors.ts';
import type { Finding } from '../../finding.ts';
import { type NamedModel, splitModelName } from '../../format-contract/model-names.ts';
import type { BamlValue } from './value-grammar.ts';
import type { Found } from './project.ts';

/** What a client says about the calls of a prompt. */
export interface Client {
  readonly model: Partial<NamedModel>;
  readonly maxOutputTokens?: number;
  /** Who says a prompt without roles: the system for OpenAI's models, the user for all others. */
  readonly role: string;
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/** Most clients that name each other. */
const MOST_CLIENTS = 10;

/**
 * The client of a function: a name such as `openai/gpt-4o`, or a `client<llm>` of any file. Of clients that try
 * others in turn, the first is meant; that is a notice.
 */
export function clientOf(
  written: BamlValue | undefined,
  declared: ReadonlyMap<string, Found>,
  file: string,
): Client {
  if (written === undefined || !('value' in written)) return clientNamed({});
  const findings: Finding[] = [];
  const files: string[] = [];
  let name = written.value;
  let line = written.line;
  let from = file;
  for (let steps = 0; steps < MOST_CLIENTS; steps += 1) {
    if (name.includes('/')) return { ...clientNamed(splitModelName(name)), files, findings };
    const found = declared.get(name);
    if (found?.declaration.kind !== 'client') break;
    files.push(found.file);
    from = found.file;
    const { body } = found.declaration;
    const options = entriesOf(body.get('options'));
    const [first] = itemsOf(options.get('strategy'));
    if (first === undefined || !('value' in first))
      return { ...describedClient(body, options, from, findings), files, findings };
    findings.push({
      level: 'notice',
      code: 'several-clients',
      message: `the client ${quote(name)} chooses among several; ${quote(first.value)} is taken, the first`,
      origin: { file: from, line: found.declaration.line },
    });
    name = first.value;
    line = first.line;
  }
  findings.push({
    level: 'warning',
    code: 'unresolved-client',
    message: `the client ${quote(name)} is not declared in these files, so its model is not known`,
    origin: { file: from, line },
  });
  return { ...clientNamed({}), files, findings };
}

const clientNamed = (model: Partial<NamedModel>, spoken = model.provider): Client => ({
  model,
  role: /^(?:baml-)?openai/.test(spoken ?? '') ? 'system' : 'user',
  files: [],
  findings: [],
});

function describedClient(
  body: ReadonlyMap<string, BamlValue>,
  options: ReadonlyMap<string, BamlValue>,
  file: string,
  findings: Finding[],
): Client {
  const spoken = textOf(body.get('provider'));
  const provider = providerOf(spoken, textOf(options.get('base_url')));
  const written = options.get('model') ?? options.get('model_id') ?? options.get('deployment_id');
  const model = textOf(written);
  const isEnvironment = model?.startsWith('env.') === true;
  if (isEnvironment)
    findings.push({
      level: 'warning',
      code: 'unresolved-environment',
      message: `the environment decides ${quote(model)}, which is not read; say it in the file or in the config`,
      origin: { file, line: written?.line ?? 1 },
    });
  const limit = [
    options.get('max_tokens'),
    options.get('max_completion_tokens'),
    options.get('max_output_tokens'),
    entriesOf(options.get('generationConfig')).get('maxOutputTokens'),
    entriesOf(options.get('inference_configuration')).get('max_tokens'),
  ].flatMap((value) => textOf(value) ?? [])[0];
  return {
    ...clientNamed(
      {
        ...(provider === undefined ? {} : { provider }),
        ...(model === undefined || isEnvironment ? {} : { model }),
      },
      spoken,
    ),
    ...(limit !== undefined && /^\d{1,9}$/.test(limit) ? { maxOutputTokens: Number(limit) } : {}),
  };
}

/** Hosts that speak OpenAI's language, by the beginning of their address (docs.boundaryml.com/ref/llm-client-providers, 2026-11-22). */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/openrouter\.ai\//, 'openrouter'],
  [/^https:\/\/api\.groq\.com\//, 'groq'],
  [/^https:\/\/api\.together\.(?:ai|xyz)\//, 'together'],
  [/^https:\/\/api\.cerebras\.ai\//, 'cerebras'],
  [/^https:\/\/api\.fireworks\.ai\//, 'fireworks'],
  [/^https:\/\/api\.deepseek\.com(?:\/|$)/, 'deepseek'],
  [/^https:\/\/api\.x\.ai\//, 'xai'],
];

/** Who bills a client: `baml-openai-chat` of old files and `openai-responses` are OpenAI, `openai-generic` is whom it calls. */
function providerOf(written: string | undefined, url: string | undefined): string | undefined {
  const old = /^baml-(\w+?)(?:-chat|-completion)?$/.exec(written ?? '')?.[1];
  if (old !== undefined) return old;
  if (written === 'openai-responses') return 'openai';
  const host = written === 'openai-generic' || written === 'openai' ? url : undefined;
  return HOSTS.find(([address]) => address.test(host ?? ''))?.[1] ?? written;
}

const textOf = (value: BamlValue | undefined): string | undefined =>
  value !== undefined && 'value' in value ? value.value : undefined;

/** The entries of a map, or nothing. */
export const entriesOf = (value: BamlValue | undefined): ReadonlyMap<string, BamlValue> =>
  value?.kind === 'map' ? value.entries : new Map();

/** The items of a list, or nothing. */
export const itemsOf = (value: BamlValue | undefined): readonly BamlValue[] =>
  value?.kind === 'list' ? value.items : [];
