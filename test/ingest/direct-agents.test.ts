import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreed, agreedFiles } from '../support/direct-reading.ts';
import { jsonl } from '../support/fake-runtime.ts';

const content = [
  { type: 'text', text: 'const "price" = {näher: 1}\n\\' },
  { type: 'tool_use', input: { n: [-1.5e3, null] } },
];
const usage = {
  input_tokens: 7,
  cache_creation_input_tokens: 2_412,
  cache_read_input_tokens: 9_932,
  output_tokens: 236,
  service_tier: 'standard',
  server_tool_use: { web_search_requests: 0 },
  cache_creation: { ephemeral_5m_input_tokens: 2_412, ephemeral_1h_input_tokens: 0 },
};
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-1-20250805',
  content,
  usage,
};
const answer = {
  parentUuid: 'u-0',
  isSidechain: false,
  cwd: '/home/dev/shop',
  gitBranch: 'main',
  type: 'assistant',
  message,
  requestId: 'req_1',
  uuid: 'u-1',
  timestamp: '2026-11-10T23:36:12.342Z',
  sessionId: 's-1',
};
const using = (more: object) => ({
  ...answer,
  message: { ...message, usage: { ...usage, ...more } },
});
const split = (short: number, long: number, all: number) =>
  using({
    cache_creation_input_tokens: all,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
  });

/** Letters that JSON escapes, some that it may, and halves of others. */
const letters = fc.constantFrom(
  'a',
  '"',
  '\\',
  '/',
  '\n',
  '\u0001',
  '\u007f',
  'ä',
  '€',
  '😀',
  '\ud800',
);

describe("an agent's answer like one before it is not parsed", () => {
  it.each([
    [
      'in other words',
      { ...answer, message: { ...message, content: [{ text: '"usage":{"input_tokens":5}}' }] } },
    ],
    [
      'to another request',
      { ...answer, message: { ...message, id: 'msg_2' }, requestId: 'req_2', uuid: 'u-2' },
    ],
    ['in another session', { ...answer, sessionId: 's-2', parentUuid: 'u-9' }],
    ['as a later snapshot', using({ output_tokens: 706 })],
    ['that writes to the cache for an hour', split(0, 2_412, 2_412)],
    ['that writes to the cache for both times', split(12, 2_400, 2_412)],
    ['that does not say for which time all it writes is', split(12, 0, 2_412)],
    ['that does not say for which time any it writes is', split(0, 0, 2_412)],
  ])('%s', async (_, like) => {
    expect(await agreed(jsonl(answer, like))).toBe(1);
  });
});

describe("an agent's answer is parsed", () => {
  it.each([
    ['of a sidechain', { ...answer, isSidechain: true }],
    ['in another folder', { ...answer, cwd: '/home/dev/desk' }],
    ['in no folder', { ...answer, cwd: '' }],
    ['served by somebody else', { ...answer, message: { ...message, id: 'msg_bdrk_1' } }],
    ['whose cache writes are more than their sum', split(2_000, 1_000, 2_412)],
    ['that searched', using({ server_tool_use: { web_search_requests: 2 } })],
    [
      'of several calls',
      using({ iterations: [{ type: 'compaction', input_tokens: 3, output_tokens: 4 }] }),
    ],
    ['with its cost', { ...answer, costUSD: 0.12 }],
    [
      'that is synthetic',
      {
        ...answer,
        message: { ...message, model: '<synthetic>', usage: { input_tokens: 0, output_tokens: 0 } },
      },
    ],
    ['that an older tool copied', { ...answer, 'message.id': 'msg_7' }],
  ])('%s', async (_, other) => {
    expect(await agreed(jsonl(answer, other, other))).toBeLessThanOrEqual(1);
  });
});

describe('the first line of a session', () => {
  const asked = { ...answer, type: 'user', message: { role: 'user', content: 'näher' } };
  /** Recognized as Claude Code's and as a result of a batch, whose keys come on top. */
  const ofTwo = { ...answer, custom_id: 'c-1', result: { type: 'canceled' } };
  const ofOne = { ...ofTwo, result: { type: 'unheard of' } };

  it('is not parsed when sessions before it had lines like it', async () => {
    const [first, second] = [jsonl(answer, asked), jsonl(answer, answer)];
    expect(await agreedFiles([first, second, jsonl(asked, answer), first])).toEqual([0, 2, 1, 1]);
  });

  it('is parsed when it has a key that another format might know', async () => {
    expect(await agreedFiles([jsonl(ofOne, ofOne), jsonl(ofOne, ofOne)])).toEqual([1, 1]);
  });

  it('is asked for in every format then', async () => {
    await expect(agreedFiles([jsonl(answer), jsonl(ofOne), jsonl(ofTwo)])).rejects.toThrow(
      'both anthropic-batch-results and claude-code recognize this record',
    );
  });

  it('is read as what it is where another format came before', async () => {
    const other = jsonl({ id: 'a', time: '2026-11-02T09:00:00Z', model: 'x', input_tokens: 3 });
    expect(await agreedFiles([jsonl(answer), other, jsonl(answer), other])).toEqual([0, 0, 0, 0]);
  });
});

describe('whatever an agent said', () => {
  it(
    'reading its answers directly tells what parsing them tells',
    { timeout: 60_000 },
    async () => {
      const said = fc.oneof(
        fc.jsonValue({ stringUnit: letters }).map((value) => JSON.stringify(value)),
        fc.constantFrom(
          '01',
          '1.',
          '-',
          '+1',
          '1e',
          '.5',
          'nul',
          '"\\x"',
          '"\\u12g4"',
          '[1,]',
          '{"a"}',
          '{,}',
          '"a',
          '[',
          `${'['.repeat(80)}${']'.repeat(80)}`,
        ),
      );
      const count = (most: number) =>
        fc.oneof(
          { weight: 20, arbitrary: fc.nat(most).map(String) },
          fc.constantFrom('1e3', '-0', '"7"', 'null', '1.5'),
        );
      const line = fc
        .record({
          said,
          short: count(50),
          long: count(50),
          all: count(300),
          output: count(300),
        })
        .map(({ said: words, short, long, all, output }) =>
          JSON.stringify(split(-1, -2, -3))
            .replace(JSON.stringify(content), () => words)
            .replace('"output_tokens":236', `"output_tokens":${output}`)
            .replace(':-1', `:${short}`)
            .replace(':-2', `:${long}`)
            .replace(':-3', `:${all}`),
        );
      let direct = 0;
      const check = fc.asyncProperty(
        fc.array(line, { minLength: 5, maxLength: 20 }),
        async (lines) => {
          direct += await agreed(`${lines.join('\n')}\n`);
        },
      );
      await fc.assert(check, { seed: 20_261_122, numRuns: 100 });
      expect(direct).toBeGreaterThan(100);
    },
  );
});
