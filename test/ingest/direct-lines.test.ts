import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreed } from '../support/direct-reading.ts';
import { call, jsonl } from '../support/fake-runtime.ts';

const TAGS = { feature: 'search', customer: 'c-1', run: 'run-1', user: 'u-1' };
const plain = { id: 'req_1', ...call({ cache_read_tokens: 0, status: 'success', tags: TAGS }) };
/** Two lines that are parsed, the second of which has another owner, and one like them. */
const before = jsonl(plain, { ...plain, id: 'req_2', tags: { ...TAGS, feature: 'chat' } });
const like = (more: object): string => jsonl({ ...plain, ...more });

describe('a line like those before it is not parsed', () => {
  it.each([
    ['with other counts', { input_tokens: 0, cache_read_tokens: 12_345_678, output_tokens: 3 }],
    ['at another time', { time: '2028-02-29T23:59:59.999Z' }],
    ['at a time without a fraction', { time: '2026-11-02T09:00:01Z' }],
    ['with other ids', { id: 'req_3', tags: { ...TAGS, run: 'run-2', user: 'a user' } }],
    ['with the owner of another line', { tags: { ...TAGS, feature: 'chat' } }],
  ])('%s', async (_, more) => {
    expect(await agreed(before + like(more))).toBe(1);
  });

  it('and neither are lines of several shapes in turns', async () => {
    const [free, late] = [
      { ...plain, tags: {} },
      { ...plain, latency_ms: 20, retry_count: 1 },
    ];
    expect(await agreed(jsonl(plain, free, late, plain, free, late, late, free, plain))).toBe(6);
  });

  it('and neither are lines of more runs in turns than are remembered by their bytes', async () => {
    const runs = Array.from({ length: 20 }, (_, run) => ({
      ...plain,
      tags: { ...TAGS, customer: `c-${run}` },
    }));
    expect(await agreed(jsonl(...runs, ...runs, ...runs))).toBe(40);
  });

  it('and neither are lines whose owners begin like those of others', async () => {
    const owners = [
      { feature: 'search', customer: 'c-1' },
      { feature: 'search', customer: 'c-10' },
      { feature: 'search', customer: 'c-1', team: 'chat' },
      { feature: 'search', customer: 'c-1', order: 5 },
      { feature: 'search', customer: 'c-1', order: 50 },
      { feature: 'search', customer: 'c-1', order: '50' },
    ];
    const lines = owners.flatMap((tags) => [
      { ...plain, tags },
      { ...plain, tags: { ...tags, run: 'run-1' } },
    ]);
    // Of the first twelve, two have a shape and owners of lines before them: `c-10` and 50 with a run.
    expect(await agreed(jsonl(...lines, ...lines, ...lines.toReversed()))).toBe(26);
  });

  it('nor where its facts stand apart, once they came together', async () => {
    const [first, second] = ['gpt-4o', 'gpt-4o-mini'].map((model) => ({ ...plain, model }));
    const late = (line: object): object => ({ ...line, status: 'timeout' });
    const known = jsonl(first ?? {}, second ?? {}, late(first ?? {}));
    expect(await agreed(known + jsonl(late(second ?? {})))).toBe(0);
    expect(await agreed(known + jsonl(late(second ?? {}), late(second ?? {})))).toBe(1);
  });

  it('with tags and a provider that the user adds', async () => {
    const additions = { tags: { team: 'support' }, provider: 'azure' };
    expect(await agreed(before + like({ id: 'req_3' }), additions)).toBe(1);
  });

  it('with blanks between its values, and a byte order mark and carriage returns around them', async () => {
    const line = `${JSON.stringify(plain).replaceAll('":', '" : ').replaceAll(',"', ' , "')} \r\n`;
    expect(await agreed(`\uFEFF${line.repeat(3)}`)).toBe(2);
  });
});

describe('a line is parsed', () => {
  it.each([
    ['of a model not seen before', { model: 'gpt-4o' }],
    ['of an owner not seen before', { tags: { ...TAGS, customer: 'c-2' } }],
    ['of a call that used nothing, unlike those before', { input_tokens: 0, output_tokens: 0 }],
    ['whose reasoning is more than its output', { output_tokens: 5, reasoning_tokens: 6 }],
    ['with a count as text', { input_tokens: '12' }],
    ['with a count that is no whole number', { input_tokens: 12.5 }],
    ['with a negative count', { input_tokens: -12 }],
    ['with a count past all precision', { input_tokens: 2 ** 53 }],
    ['at an hour that is none', { time: '2026-11-02T24:00:00.000Z' }],
    ['on a day that is none', { time: '2026-02-30T09:00:00.000Z' }],
    ['in a year without language models', { time: '1969-11-02T09:00:00.000Z' }],
    ['with a zone of its own', { time: '2026-11-02T09:00:00.000+01' }],
    ['with a key in an id', { id: 'sk-abcdefghijklmnopqrst' }],
    ['with a key behind a run', { tags: { ...TAGS, run: 'x Bearer abcdefghijklmnop' } }],
    ['with blanks around a run', { tags: { ...TAGS, run: ' run-1' } }],
    ['with an empty run', { tags: { ...TAGS, run: '' } }],
    ['with a run in other letters', { tags: { ...TAGS, run: 'läuft' } }],
    ['with escapes in an id', { id: 'a"b\\c\n' }],
    ['whose run is a number', { tags: { ...TAGS, run: 7 } }],
    ['with a key more', { requests: 3 }],
  ])('%s', async (_, more) => {
    expect(await agreed(before + like(more))).toBe(0);
  });

  it.each([
    ['in which a key is written twice', `"id":"req_1"`, `"id":"req_1","id":"req_9"`],
    ['with a number in another notation', '1000', '1e3'],
    ['with a zero of its own sign', '1000', '-0'],
    ['with a fraction of nothing', '1000', '1000.0'],
    ['with a number that JSON does not have', '1000', '01000'],
    ['that ends too early', '}}', '}'],
    ['that goes on behind its end', '}}', '}}}'],
    ['with a control character', 'req_1', 'req\u0001'],
    ['with bytes that are no UTF-8', 'req_1', 'req\u00ff'],
  ])('%s', async (_, from, to) => {
    const line = JSON.stringify(plain).replace(from, to);
    expect(await agreed(Buffer.from(`${before}${line}\n${line}\n`, 'latin1'))).toBe(0);
  });

  it('without a run, where the user adds one to all', async () => {
    const additions = { tags: { run: 'nightly' } };
    const lines = jsonl(
      { ...plain, tags: { feature: 'chat' } },
      { ...plain, tags: { feature: 'chat' } },
    );
    expect(await agreed(lines, additions)).toBe(0);
  });
});

it('lines are tried no more for a while where a thousand told something new', async () => {
  const orders = (count: number): string =>
    jsonl(
      ...Array.from({ length: count }, (_, n) => ({
        ...plain,
        tags: { ...TAGS, order: `o-${n}` },
      })),
    );
  const alike = jsonl(plain, plain, plain, plain);
  expect(await agreed(orders(900) + alike)).toBe(3);
  expect(await agreed(orders(1_100) + alike)).toBe(0);
});

describe('whatever a log holds, reading its lines directly tells what parsing them tells', () => {
  const counts =
    '0 7 812 15 1e3 -0 1.0 "15" null 9007199254740993 -1 007 12.5 "" [1] {} true'.split(' ');
  const texts = [
    ...'"a" "bb" "b" "nä" "" null true 12 0 {"a":1} [] "sk-abcdefghijklmnop" "__proto__" "a"x'.split(
      ' ',
    ),
    '"\\u0061"',
    '" a "',
    '"a\tb"',
    '"\u00ff"',
    '"AKIAABCDEFGHIJKLMNOP"',
  ];
  const times = [
    '"2026-11-02T09:00:00.000Z"',
    '"2026-11-02T09:00:01Z"',
    '"2026-11-03T09:00:00.000Z"',
    '"2026-02-30T09:00:00.000Z"',
    '"2026-11-02 09:00"',
    '"2026-11-02T09:00:00.0a0Z"',
    '1',
    'null',
  ];
  const statuses = ['"success"', '"failure"', '"timeout"', '"ok"', 'null', '7'];
  /** Mostly the first three, so that lines are like each other. */
  const oneOf = (values: readonly string[]) =>
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...values.slice(0, 3)) },
      fc.constantFrom(...values),
    );
  const keys = fc.shuffledSubarray(
    [
      ...'provider status operation cache_read_tokens cache_write_tokens cache_write_5m_tokens'.split(
        ' ',
      ),
      ...'reasoning_tokens latency_ms retry_count error_code feature user prompt __proto__ rate'.split(
        ' ',
      ),
      ...'requests labels usage cache_write_30m_tokens'.split(' '),
    ],
    { maxLength: 8 },
  );
  const tagKeys = fc.shuffledSubarray(
    'feature team user user_id run session step order __proto__'.split(' '),
    { maxLength: 5 },
  );

  const valueOf = (key: string) => {
    if (key === 'time') return oneOf(times);
    if (key === 'status') return oneOf(statuses);
    return oneOf(/tokens|_ms|count|requests/.test(key) ? counts : texts);
  };
  const objectOf = (
    names: readonly string[],
    between: string,
    tags?: fc.Arbitrary<string>,
  ): fc.Arbitrary<string> =>
    fc.tuple(...names.map((name) => (name === 'tags' && tags) || valueOf(name))).map((values) => {
      const members = names.map((name, at) => `"${name}":${between}${values[at] ?? ''}`);
      return `{${members.join(`,${between}`)}}`;
    });
  const shape = fc
    .record({ keys, tagKeys, between: fc.constantFrom('', ' '), twice: fc.boolean() })
    .map(({ keys: chosen, tagKeys: tags, between, twice }) => {
      const names = ['time', 'id', ...chosen, 'model', 'input_tokens', 'output_tokens', 'tags'];
      if (twice && chosen.length > 6) names.push(chosen[0] ?? 'id');
      return objectOf(names, between, objectOf(tags, between));
    });
  const logs = fc
    .array(shape, { minLength: 1, maxLength: 3 })
    .chain((shapes) => fc.array(fc.oneof(...shapes), { minLength: 12, maxLength: 40 }))
    .chain((lines) =>
      fc.record({
        lines: fc.constant(lines),
        // A byte in thirty lines is another one.
        changes: fc.array(fc.tuple(fc.nat(lines.length * 30), fc.nat(300), fc.nat(255)), {
          maxLength: 40,
        }),
      }),
    )
    .map(({ lines, changes }) => {
      const bytes = lines.map((line) => Buffer.from(`${line}\n`, 'latin1'));
      for (const [line, at, byte] of changes) {
        const changed = bytes[line];
        if (changed !== undefined && at < changed.length) changed[at] = byte;
      }
      return Buffer.concat(bytes);
    });

  it('of random lines', { timeout: 60_000 }, async () => {
    let direct = 0;
    const check = fc.asyncProperty(logs, async (log) => {
      direct += await agreed(log);
    });
    await fc.assert(check, { seed: 20_261_122, numRuns: 80 });
    expect(direct).toBeGreaterThan(150);
  });
});
