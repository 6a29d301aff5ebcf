import { nearest } from '../../domain/nearest.ts';
import { type Origin, quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { engineNamed } from '../format-contract/engines.ts';
import { inOrder } from '../format-contract/in-order.ts';
import { joinedTemplate } from '../format-contract/joined-template.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import {
  type Engine,
  ENGINES,
  type FormatContext,
  type PromptFormat,
} from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { type SourceLanguage, sourceLanguage } from '../format-contract/source-languages.ts';
import { type Literal, literalAfter } from '../format-contract/source-literals.ts';
import { openTemplateReader } from '../format-contract/template-reader.ts';
import { variableTemplate } from '../format-contract/variable-template.ts';
import type { Prompt } from '../prompt.ts';
import { placesOf } from '../rendering/places.ts';

/**
 * Texts in code that a comment marks, such as `// aicost:prompt id=support model=gpt-5-mini role=system`. The code is
 * read and never run: the literal behind the mark is the prompt, and expressions inside of it are variables.
 */
export default {
  id: 'code-literals',
  name: 'marked literals in code',
  recognizes: (path) => (sourceLanguage(path) === undefined ? 'no' : 'likely'),
  async read(text, context) {
    const { path } = context;
    const language = sourceLanguage(path);
    const marks = [...text.matchAll(MARK)];
    if (language === undefined || marks.length === 0)
      return { prompts: [], findings: [unmarked(path)] };
    const place = placesOf({ text, origin: { file: path, line: 1 } });
    const read = await inOrder(marks.entries(), ([index, mark]) =>
      readMarked(mark, {
        text,
        until: marks[index + 1]?.index ?? text.length,
        place,
        language,
        context,
      }),
    );
    return {
      prompts: read.flatMap(({ prompt }) => prompt ?? []),
      findings: read.flatMap(({ findings }) => findings),
    };
  },
} satisfies PromptFormat;

const MARK = /(?:\/\/|#|\/\*)[ \t]*aicost:prompt\b([^\n]*)/g;
const OPTION = /([\w-]{1,40})=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'*]+))/g;
const KEYS = ['id', 'engine', 'model', 'role'];

const unmarked = (file: string): Finding => ({
  level: 'error',
  code: 'unmarked-code',
  message: 'no text is marked as a prompt; write "aicost:prompt id=…" in a comment before one',
  origin: { file },
});

interface ReadMark {
  readonly prompt?: Prompt;
  readonly findings: readonly Finding[];
}

/** What stands around a mark: its file, and where the next mark begins. */
interface Around {
  readonly text: string;
  readonly until: number;
  readonly place: (at: number) => Origin;
  readonly language: SourceLanguage;
  readonly context: FormatContext;
}

async function readMarked(
  mark: RegExpMatchArray,
  { text, until, place, language, context }: Around,
): Promise<ReadMark> {
  const { path } = context;
  const start = mark.index ?? 0;
  const literal = literalAfter(text, { from: start + mark[0].length, until }, language);
  if (literal === undefined || literal === 'unclosed') {
    const message =
      literal === undefined
        ? 'no text follows the mark'
        : 'the text that follows the mark is not closed';
    return {
      findings: [{ level: 'error', code: 'missing-literal', message, origin: place(start) }],
    };
  }
  const { options, findings } = readOptions(mark[1] ?? '', place(start));
  const { template, findings: noticed } = await templateOf(
    literal,
    options.get('engine'),
    place,
    context,
  );
  const name = options.get('id');
  const model = options.get('model');
  return {
    findings: [],
    prompt: promptOfMessages({
      path,
      line: place(literal.at).line ?? 1,
      format: 'code-literals',
      name: name ?? `${path}:${place(start).line ?? 1}`,
      messages: [
        {
          role: options.get('role') ?? context.role ?? 'user',
          parts: [{ kind: 'text', template }],
        },
      ],
      findings: [...findings, ...noticed],
      ...(model === undefined ? {} : splitModelName(model)),
    }),
  };
}

/** What the mark says beside its name; a key that is not known is a warning. */
function readOptions(
  written: string,
  origin: Origin,
): { readonly options: ReadonlyMap<string, string>; readonly findings: readonly Finding[] } {
  const options = new Map<string, string>();
  for (const [, key = '', double, single, bare] of written.matchAll(OPTION))
    options.set(key, double ?? single ?? bare ?? '');
  const findings = [...options.keys()].flatMap((key): readonly Finding[] =>
    KEYS.includes(key)
      ? []
      : [{ level: 'warning', code: 'unknown-option', message: unknown(key, KEYS), origin }],
  );
  const engine = options.get('engine');
  const isUnknown = engine !== undefined && !ENGINES.some((known) => known === engine);
  if (!options.has('id'))
    findings.push({
      level: 'warning',
      code: 'unnamed-prompt',
      message: 'has no id, so its line is its name; add id=…',
      origin,
    });
  return {
    options,
    findings: isUnknown
      ? [
          ...findings,
          { level: 'error', code: 'unknown-option', message: unknown(engine, ENGINES), origin },
        ]
      : findings,
  };
}

function unknown(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  return close === undefined
    ? `unknown ${quote(word)}; known are ${known.join(', ')}`
    : `unknown ${quote(word)}; did you mean ${quote(close)}?`;
}

/** Text in the language of the mark, and expressions as variables. */
async function templateOf(
  { parts }: Literal,
  engine: string | undefined,
  place: (at: number) => Origin,
  context: FormatContext,
) {
  const named: Engine = ENGINES.find((known) => known === engine) ?? context.engine ?? 'none';
  const reader = openTemplateReader(engineNamed(named), context);
  const templates = await inOrder(parts, async (part) =>
    part.kind === 'expression'
      ? variableTemplate(part.source, place(part.at))
      : reader.template({ text: part.text, origin: place(part.at), escaped: part.escaped }),
  );
  return { template: joinedTemplate(templates), findings: reader.findings() };
}
