import { expect, it } from 'vitest';
import claudeCode from '../../src/adapters/claude-code.ts';
import { joinSameCall } from '../../src/domain/same-call.ts';
import type { UsageEvent } from '../../src/domain/usage.ts';

const line = (seconds: number, output: number, fields: object = {}) => ({
  type: 'assistant',
  sessionId: 's-1',
  requestId: 'req_A',
  timestamp: new Date(Date.UTC(2026, 10, 19, 8, 0, seconds)).toISOString(),
  message: {
    id: 'msg_A',
    model: 'claude-sonnet-4-6',
    usage: { input_tokens: 4, cache_read_input_tokens: 100, output_tokens: output },
  },
  ...fields,
});
const events = (...lines: readonly object[]): readonly UsageEvent[] =>
  lines.flatMap((each) => claudeCode.normalize(each).events);

it.each([
  ['written order', [0, 1, 2]],
  ['reverse order', [2, 1, 0]],
  ['any order', [1, 2, 0]],
])('snapshots of one message join to its last counts and first time, in %s', (_name, order) => {
  const snapshots = events(line(3, 1), line(5, 1), line(9, 412));
  const joined = order
    .map((index) => snapshots[index])
    .filter((event) => event !== undefined)
    .reduce(joinSameCall);
  expect(joined).toMatchObject({ id: 'msg_A:req_A', usage: { output: 412 } });
  expect(joined.time).toBe(Date.UTC(2026, 10, 19, 8, 0, 3));
});

it('keeps cache writes without a split under no time to live', () => {
  const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 300 };
  const [event] = events(line(1, 1, { message: { id: 'm', model: 'claude-sonnet-4-6', usage } }));
  expect(event?.usage.cacheWrite).toEqual({ default: 300 });
});

it('marks a sidechain as a replay of the family of its message', () => {
  const [event] = events(line(1, 1, { isSidechain: true, requestId: 'req_SIDE' }));
  expect(event).toMatchObject({
    id: 'msg_A:req_SIDE',
    family: 'msg_A',
    replay: true,
    labels: ['sidechain'],
  });
});

it('names a call without a request id by its message alone', () => {
  const [event] = events(line(1, 1, { requestId: null }));
  expect(event).toMatchObject({ id: 'msg_A', family: 'msg_A' });
});

it('never marks an ordinary line as anything but an original', () =>
  expect(events(line(1, 1, { isSidechain: false }))[0]).not.toHaveProperty('replay'));
