import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';
import { loadEncoding } from '../../src/prompts/counting/encodings.ts';

// `npm run bench`: how fast tokens are counted, beside js-tiktoken on the same texts in the same process. Figures, no
// verdict but the bar: at least four times as fast on texts, and linear on a piece that has no end.
const LEAST = 4;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const ROOT = join(import.meta.dirname, '../..');
const files = (...paths: readonly string[]): string =>
  paths.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');

const loading = performance.now();
const ours = await loadEncoding('o200k_base');
const loaded = performance.now() - loading;
const building = performance.now();
const theirs = new Tiktoken(ranks);
say(
  `ranks of o200k_base read in ${loaded.toFixed(0)} ms; js-tiktoken takes ${(performance.now() - building).toFixed(0)} ms after loading them`,
);

const milliseconds = (count: () => number): { readonly tokens: number; readonly ms: number } => {
  const started = performance.now();
  const tokens = count();
  return { tokens, ms: performance.now() - started };
};

/** The faster of three runs of each, in turns. */
function compare(title: string, text: string): void {
  let [mine, peers] = [Infinity, Infinity];
  let agree = true;
  for (let round = 0; round < 3; round += 1) {
    const one = milliseconds(() => ours.countText(text));
    const other = milliseconds(() => theirs.encode(text, [], []).length);
    agree &&= one.tokens === other.tokens;
    mine = Math.min(mine, one.ms);
    peers = Math.min(peers, other.ms);
  }
  const megabytes = Buffer.byteLength(text) / 1e6;
  const times = peers / mine;
  say(
    `${title}: ${(megabytes / mine) * 1000 >= 10 ? ((megabytes / mine) * 1000).toFixed(0) : ((megabytes / mine) * 1000).toFixed(1)} MB/s, ${times.toFixed(1)} x js-tiktoken, ${agree ? (times >= LEAST ? 'met' : 'MISSED') : 'does not count: the counts differ'}`,
  );
}

compare('prose', files('README.md', 'CHANGELOG.md', 'src/README.md', 'rates/README.md'));
compare(
  'code',
  files(
    'package-lock.json',
    'src/ledger/spend.ts',
    'src/prompts/counting/pieces.ts',
    'src/domain/rating.ts',
  ),
);
compare('Chinese', '我的订单在哪里?请用一句话礼貌地回复客户,并附上配送状态。\n'.repeat(400));

/** Time for a piece of a length and for one ten times as long. */
function grow(title: string, part: string): void {
  const of = (letters: number): number =>
    milliseconds(() => ours.countText(part.repeat(letters / part.length))).ms;
  of(100_000);
  const [short, long] = [of(100_000), of(1_000_000)];
  say(
    `${title}: 100,000 in ${short.toFixed(0)} ms, 1,000,000 in ${long.toFixed(0)} ms: ${(long / short / 10).toFixed(2)} of linear`,
  );
}

grow('the letter a', 'a');
grow('one Chinese character', '人');
grow('blanks', ' ');
grow('letters of a pattern', 'qzjxkvbwpy');
grow('signs', '=');
