import { inOrder } from '../format-contract/in-order.ts';
import { at, type Located, textAt } from '../format-contract/located.ts';
import {
  chatOf,
  expandPaths,
  type FoundText,
  inlineText,
  readPromptTexts,
} from '../format-contract/promptfoo-texts.ts';
import { firstProvider, type PromptfooProvider } from '../format-contract/promptfoo-providers.ts';
import { readDefaults, readSamples } from '../format-contract/promptfoo-tests.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { shapeOf } from '../format-contract/shape.ts';
import { readStructured, unexpected } from '../format-contract/structured-text.ts';
import { openTemplateReader } from '../format-contract/template-reader.ts';
import type { Finding } from '../finding.ts';
import type { Prompt, Sample } from '../prompt.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import type { Values } from '../rendering/values.ts';

/**
 * Configs of promptfoo (https://www.promptfoo.dev/docs/configuration/prompts/ and /guide/, 2026-11-22): each text
 * under `prompts` is a prompt, rendered by Nunjucks; `tests[].vars` are samples. Prompts that code makes are not.
 */
export default {
  id: 'promptfoo',
  name: 'promptfoo configs',
  keys: ['prompts', 'providers', 'tests', 'defaultTest'],
  recognizes(path, text) {
    if (/(?:^|\/)promptfooconfig[^/]*\.(?:ya?ml|json)$/i.test(path)) return 'certain';
    const shape = shapeOf(path, text);
    return at(shape, 'prompts') !== undefined &&
      (at(shape, 'providers') ?? at(shape, 'targets')) !== undefined
      ? 'likely'
      : 'no';
  },
  async read(text, context) {
    const { path } = context;
    const read = readStructured(/\.json$/i.test(path) ? 'json' : 'yaml', text, path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    const config = read.value;
    const findings: Finding[] = [];
    const written = at(config, 'prompts');
    const listed = written === undefined || written.kind === 'nothing' ? bare(config) : written;
    const defaults = await readDefaults(config, context, findings);
    const samples = await readSamples(config, context, findings);
    const provider = await firstProvider(config, context);
    const texts = (
      await inOrder(entriesOf(listed), (entry) => textsOf(entry, context, findings))
    ).flat();
    const prompts = await inOrder(texts, (found) =>
      readPrompt(found, texts.length > 1, { context, defaults, samples, provider }),
    );
    return { prompts, findings };
  },
} satisfies PromptFormat;

/** The prompt of a config that names none, as configs for red teams do: all that its tests say. */
const bare = ({ line, column }: Located): Located => ({
  kind: 'text',
  value: '{{prompt}}',
  line,
  column,
  textLine: line,
  escaped: false,
});

/** One prompt alone, a list of them, or paths with labels. */
function entriesOf(listed: Located): readonly Located[] {
  if (listed.kind === 'list') return listed.items;
  if (listed.kind !== 'map') return [listed];
  return [...listed.entries].map(([path, label]): Located => ({
    ...label,
    kind: 'map',
    entries: new Map([
      ['id', { ...label, kind: 'text', value: path, textLine: label.line, escaped: true }],
      ['label', label],
    ]),
  }));
}

/** The texts that an entry stands for: itself, or those of the files it names. */
async function textsOf(
  entry: Located,
  context: FormatContext,
  findings: Finding[],
): Promise<readonly FoundText[]> {
  const label = textAt(entry, 'label') ?? textAt(entry, 'display');
  const written = entry.kind === 'map' ? (at(entry, 'raw') ?? at(entry, 'id')) : entry;
  if (written?.kind !== 'text') {
    findings.push(unexpected(entry, context.path, 'a prompt'));
    return [];
  }
  const paths =
    at(entry, 'raw') === undefined ? expandPaths(written, context, findings) : undefined;
  if (paths === undefined) return [inlineText(written, context.path, label)];
  const texts = await inOrder(paths, (path) => readPromptTexts(path, written, context, findings));
  return texts.flat().map((found) => (label === undefined ? found : { ...found, label }));
}

const nunjucks = jinjaEngine({ dialect: 'nunjucks', keepTrailingNewline: true });

async function readPrompt(
  found: FoundText,
  isOneOfSeveral: boolean,
  around: {
    readonly context: FormatContext;
    readonly defaults: Values;
    readonly samples: readonly Sample[];
    readonly provider: PromptfooProvider;
  },
): Promise<Prompt> {
  const { provider, defaults, samples, context } = around;
  const { file, line } = found.origin;
  const templates = openTemplateReader(nunjucks, { ...context, path: file });
  const { messages, findings } = await chatOf(found, {
    templates,
    context: { ...context, path: file },
  });
  const name = found.label ?? (isOneOfSeveral ? found.ordinal : undefined);
  return promptOfMessages({
    ...provider.says,
    path: file,
    line: line ?? 1,
    format: 'promptfoo',
    messages,
    defaults,
    samples,
    inputs: [context.path],
    findings: [...found.findings, ...templates.findings(), ...findings, ...provider.findings],
    ...(name === undefined ? {} : { name }),
  });
}
