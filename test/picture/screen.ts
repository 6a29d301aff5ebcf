import { inventedMonth } from '../../src/demo/invented-month.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ingest } from '../../src/ingest/ingest.ts';
import { textWidth } from '../../src/render/text-width.ts';
import { failingRuns } from '../../src/watch/failing-runs.ts';
import { frameText } from '../../src/watch/frame.tsx';
import { questionsOf } from '../../src/watch/live/ledger-questions.ts';
import { measuredPace } from '../../src/watch/pace.ts';
import { firstState, reduce, wantedOf } from '../../src/watch/state.ts';
import { takeSnapshot } from '../../src/watch/take-snapshot.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { cardsWith, inMemory } from '../support/ledgers.ts';

/** Thursday afternoon, in the last week of the demo's month. */
const AT = Date.parse('2026-10-29T15:40:00Z');
const SIZE = { width: 96, height: 28 };
const [CHARACTER, LINE, EDGE] = [8.4, 18, 16];

/** The screen over the demo's logs as they stand at one instant. */
async function frame(): Promise<string> {
  const folder = freshFolder();
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  // What the demo logs later has not happened yet.
  for (const { name, lines } of inventedMonth())
    writeFileSync(join(logs, name), `${lines.join('\n')}\n`);
  const { book } = cardsWith();
  const whole = inMemory(book);
  await ingest({ paths: [logs], cwd: folder, stdin: noStdin, additions: { tags: {} } }, whole);
  const sofar = inMemory(book);
  const events = [...whole.events({ span: { end: AT }, where: [], order: 'time' })];
  sofar.append(
    events.map(({ event, key, format, line }) => ({ event, key, format, line, fileId: null })),
  );
  const state = firstState('feature', 'month');
  const questions = questionsOf(sofar, failingRuns(), measuredPace());
  const snapshot = takeSnapshot(wantedOf(state), questions, { now: AT, timeZone: 'UTC' });
  return frameText(
    {
      state: reduce(state, { kind: 'answered', snapshot }),
      color: false,
      ledger: 'demo/ledger.db',
    },
    SIZE,
  );
}

const noStdin = (): never => {
  throw new Error('the demo reads no pipe');
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The picture of the README: the frame as an SVG, each line as wide as on a terminal. */
export async function screenPicture(): Promise<string> {
  const lines = (await frame()).replace(/\n$/, '').split('\n');
  const [width, height] = [
    Math.ceil(SIZE.width * CHARACTER + 2 * EDGE),
    lines.length * LINE + 2 * EDGE,
  ];
  const text = lines.map(
    (line, index) =>
      `<text x="${EDGE}" y="${EDGE + LINE * (index + 0.75)}" textLength="${(textWidth(line) * CHARACTER).toFixed(1)}">${escaped(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="aicost watch">`,
    `<rect width="100%" height="100%" rx="8" fill="#16181d"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d7dae0" xml:space="preserve">`,
    ...text,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
