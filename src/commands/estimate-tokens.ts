import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../domain/nearest.ts';
import { UserError } from '../errors.ts';
import { printable } from '../printable.ts';
import type { TokenCount } from '../prompts/counting/token-count.ts';
import type { Utf8Text } from '../prompts/counting/utf8-text.ts';
import type { Runtime } from '../runtime.ts';
import type { OutputFlags } from './flags.ts';
import { printAnswer } from './print-answer.ts';

/** What chooses the tokenizer of `--tokens-only`. */
export interface TokensFlags extends OutputFlags {
  readonly encoding?: string;
  readonly model?: string;
  readonly provider?: string;
}

const USUAL_ENCODING = 'o200k_base';

/** `aicost estimate --tokens-only`: the tokens of texts, one number for one file. Throws UserError. */
export async function countFiles(
  paths: readonly string[],
  flags: TokensFlags,
  runtime: Runtime,
): Promise<void> {
  if (paths.length === 0)
    throw new UserError('name files to count, or - for standard input', {
      hint: 'For example: aicost estimate --tokens-only prompt.md',
    });
  const tokenizer = await tokenizerOf(flags, runtime);
  const { utf8Text } = await import('../prompts/counting/utf8-text.ts');
  const files: { readonly file: string; readonly count: TokenCount }[] = [];
  for (const path of paths) {
    const text = utf8Text(await bytesOf(path, runtime));
    if (text.replaced && flags.quiet !== true)
      runtime.err(
        printable(`aicost: ${path}: bytes that are no UTF-8 count as the character U+FFFD\n`),
      );
    files.push({ file: path, count: tokenizer.count(text) });
  }
  const [first] = files;
  if (first !== undefined && files.length === 1 && flags.format === 'table') {
    if (first.count.low !== first.count.high && flags.quiet !== true)
      runtime.err(printable(`aicost: ${estimateText(first.count)}\n`));
    return runtime.out(`${first.count.tokens}\n`);
  }
  const { tokensReport } = await import('../reports/tokens-report.ts');
  const rows = files.map(({ file, count }) => ({ file, ...count }));
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  await printAnswer(tokensReport(rows, tokenizer, notes), flags, runtime);
}

/** Says that a number is an estimate, how far off it may be, and why. */
const estimateText = ({ tokens, low, high, note }: TokenCount): string =>
  `${tokens} is an estimate, ${low} to ${high}${note === undefined ? '' : `: ${note}`}`;

interface Tokenizer {
  readonly encoding: string;
  readonly method: string;
  readonly model?: string;
  readonly count: (text: Utf8Text) => TokenCount;
}

async function tokenizerOf(flags: TokensFlags, runtime: Runtime): Promise<Tokenizer> {
  if (flags.model === undefined) return encodingTokenizer(flags.encoding ?? USUAL_ENCODING);
  if (flags.encoding !== undefined)
    throw new UserError('--model already says the encoding', {
      hint: 'Use either --model or --encoding.',
    });
  const [{ shippedCountingRules }, { openTokenCounters }, { textOfUtf8 }] = await Promise.all([
    import('../config/counting-rules.ts'),
    import('../prompts/counting/token-counters.ts'),
    import('../prompts/counting/utf8-text.ts'),
  ]);
  const today = new Date(runtime.now()).toISOString().slice(0, 10);
  const open = openTokenCounters(shippedCountingRules(), today);
  const counter = await open(flags.provider, flags.model);
  return { ...counter, count: ({ bytes }) => counter.text(textOfUtf8(bytes)) };
}

async function encodingTokenizer(asked: string): Promise<Tokenizer> {
  const { encodingNamed, ENCODINGS, loadEncoding } =
    await import('../prompts/counting/encodings.ts');
  const name = encodingNamed(asked);
  if (name === undefined) {
    const close =
      nearest(asked, ENCODINGS) ?? ENCODINGS.find((known) => known.startsWith(asked.toLowerCase()));
    throw new UserError(
      `--encoding: no encoding "${asked}"${close === undefined ? '' : `; did you mean "${close}"?`}`,
      { hint: `Known: ${ENCODINGS.join(', ')}.` },
    );
  }
  const { countBytes } = await loadEncoding(name);
  const { countOf } = await import('../prompts/counting/token-count.ts');
  return {
    encoding: name,
    method: name,
    count: ({ bytes }) => countOf(countBytes(bytes), 'counted'),
  };
}

/** The bytes of a file, or of standard input for `-`. Throws UserError. */
async function bytesOf(path: string, runtime: Runtime): Promise<Uint8Array> {
  if (path === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of runtime.stdin()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return readFileSync(resolve(runtime.cwd, path));
  } catch (cause) {
    throw new UserError(`${path}: ${whyUnread(cause)}`, { cause });
  }
}

function whyUnread(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EISDIR':
      return 'is a folder; name the files in it';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'is larger than 2 GB; split it';
    default:
      return `cannot read it (${code})`;
  }
}
