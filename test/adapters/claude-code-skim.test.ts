import { describe, expect, it } from 'vitest';
import claudeCode from '../../src/adapters/claude-code.ts';
import { MarkerSearch } from '../../src/ingest/marker-search.ts';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

const LONG = 'const invoice = "näher";\n'.repeat(200);
/** Why the line of a record is skipped unparsed. */
function skimmed(record: object): string | undefined {
  // Its bytes stand between others, as in a chunk of a file.
  const bytes = Buffer.from(`}${JSON.stringify(record)}"`);
  const line = { chunk: bytes, from: 1, to: bytes.length - 1 };
  const { marker, reasonOf } = claudeCode.skim;
  return new MarkerSearch(marker).isIn(line) ? undefined : reasonOf(line.chunk, line.from, line.to);
}
const head = { parentUuid: null, isSidechain: false, cwd: '/home/dev/shop', version: '2.1.40' };
const prompt = { role: 'user', content: [{ type: 'tool_result', content: LONG }] };
const time = '2026-11-20T08:00:00.000Z';

describe('a long line without usage is skipped unparsed, for the reason that parsing gives', () => {
  it.each([
    ['session before the message', { ...head, sessionId: 's-1', type: 'user', message: prompt }],
    [
      'session after the message',
      { ...head, type: 'user', message: prompt, uuid: 'u-1', timestamp: time, sessionId: 's-1' },
    ],
    [
      'a system line',
      { ...head, sessionId: 's-1', timestamp: time, type: 'system', content: LONG, level: 'info' },
    ],
  ])('%s', (_name, record) => {
    expect(claudeCode.recognizes(record)).toBe(true);
    expect(skimmed(record)).toBe(claudeCode.normalize(record).skipped?.[0]);
  });
});

describe('a line is parsed', () => {
  const user = { ...head, sessionId: 's-1', type: 'user', message: prompt };
  it.each([
    ['that is short', { ...user, message: { role: 'user', content: 'hello' } }],
    ['that says usage anywhere', { ...user, toolUseResult: { usage: { input_tokens: 3 } } }],
    ['without a session', { ...head, type: 'user', message: prompt }],
    ['without a type', { ...head, sessionId: 's-1', message: prompt }],
    // The session of a quoted line is not its own.
    [
      'that quotes another',
      {
        ...head,
        type: 'user',
        message: { content: `${LONG}],"sessionId":"s-1"}` },
      },
    ],
  ])('%s', (_name, record) => {
    expect(skimmed(record)).toBeUndefined();
  });
});

it('the summary counts skimmed lines as it counts parsed ones', async () => {
  const { aicost, write } = desk();
  const usage = { input_tokens: 10, output_tokens: 5 };
  const answer = {
    ...head,
    sessionId: 's-1',
    type: 'assistant',
    requestId: 'req_1',
    message: { id: 'msg_1', role: 'assistant', model: 'claude-sonnet-4-5-20250929', usage },
    uuid: 'u-2',
    timestamp: time,
  };
  const asked = { ...head, sessionId: 's-1', type: 'user', message: prompt, uuid: 'u-1' };
  const short = { ...asked, message: { role: 'user', content: 'hello' } };
  const path = write('s-1.jsonl', jsonl(answer, asked, short, asked));
  const { out } = await aicost('ingest', path, '--format', 'json');
  const rows: readonly { outcome: string; reason: string; count: number }[] = JSON.parse(out).rows;
  expect(rows.filter(({ outcome }) => outcome === 'skipped')).toEqual([
    expect.objectContaining({ reason: 'user line', count: 3 }),
  ]);
});

it('snapshots of a call that is there already are duplicates, and the last snapshot of a new one counts', async () => {
  const { events, ingest, write } = desk();
  const snapshots = jsonl(
    call({ id: 'a', output_tokens: 1 }),
    call({ id: 'a', output_tokens: 40 }),
    call({ id: 'a', output_tokens: 40 }),
  );
  expect(await ingest(write('a.jsonl', snapshots))).toMatchObject({
    new: 1,
    completed: 1,
    duplicate: 1,
  });
  // A copy knows no more: its first snapshot must not make the second one look wiser.
  expect(await ingest(write('copy.jsonl', snapshots))).toMatchObject({
    new: 0,
    completed: 0,
    duplicate: 3,
  });
  expect((await events()).map(({ usage }) => usage.output)).toEqual([40]);
});
