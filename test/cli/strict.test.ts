import { describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

describe('report --strict', () => {
  it.each([
    ['every call has a price', [call()], 0],
    ['a model is in no rate card', [call(), call({ model: 'gpt-9-nova' })], 3],
    [
      'the call without a price is filtered out',
      [call(), call({ model: 'gpt-9-nova', tags: { team: 'labs' } })],
      0,
    ],
  ])('when %s', async (_, calls, code) => {
    const { aicost, must, write } = desk();
    await must('ingest', write('calls.jsonl', jsonl(...calls)));
    const where = ['--where', 'team!=labs'];
    expect((await aicost('report', '--strict', ...where)).code).toBe(code);
  });
});
