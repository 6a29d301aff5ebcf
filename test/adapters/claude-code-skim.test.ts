import fc from 'fast-check';
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

it('a short line is skipped unparsed only if it is valid JSON', async () => {
  const { ingest, write } = desk();
  const asked = { ...head, type: 'user', message: prompt, uuid: 'u-1', sessionId: 's-1' };
  const short = JSON.stringify({ ...asked, message: { role: 'user', content: 'hello' } });
  const broken = [short.replace('hello', 'hel\u0001lo'), short.replace('"hello"', 'hello')];
  const lines = [JSON.stringify(asked), short, ...broken, `${short} `];
  expect(await ingest(write('a.jsonl', `${lines.join('\n')}\n`))).toMatchObject({
    skipped: 3,
    rejected: 2,
  });
});

it('whatever a line says, it is skipped unparsed only for the reason that parsing gives', () => {
  const text = fc.oneof(
    fc.constantFrom(
      '',
      'u-1',
      '"',
      '\\',
      '"}',
      '],"sessionId":"s-1"',
      'ge"',
      'usage',
      'usage"',
      'näher',
    ),
    fc.string({ maxLength: 9 }),
  );
  const value = fc.oneof(text, fc.constantFrom(null, true, 0, -1.5e9));
  const key = fc.constantFrom(
    'type',
    'sessionId',
    'uuid',
    'timestamp',
    'cwd',
    'parentUuid',
    'usage',
    'ä',
  );
  const plain = fc.array(fc.tuple(key, value), { maxLength: 4 });
  const long = fc.record({
    role: fc.constant('user'),
    content: fc.tuple(text, fc.constantFrom(1, 3_000)).map(([some, times]) => some.repeat(times)),
    usage: fc.option(fc.constant({ input_tokens: 3 }), { nil: undefined, freq: 1 }),
  });
  const member = fc.tuple(fc.constantFrom('message', 'toolUseResult', 'data'), long);
  const marks = fc.constant([
    ['sessionId', 's-1'],
    ['type', 'user'],
  ] as const);
  let skips = 0;
  const check = fc.property(plain, marks, member, plain, (before, own, said, after) => {
    // Of two members with one key JavaScript keeps the first one's place and the last one's value.
    const record = Object.fromEntries([...before, ...own, said, ...after]);
    const reason = skimmed(record);
    if (reason === undefined) return;
    skips += 1;
    expect(claudeCode.recognizes(record)).toBe(true);
    expect(claudeCode.normalize(record).skipped).toEqual([reason]);
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 1_000 });
  expect(skips).toBeGreaterThan(100);
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
