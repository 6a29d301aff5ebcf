import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withRunTags } from '../../src/domain/run-tags.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { desk } from '../support/fake-runtime.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
const OBSERVATIONS = join(FIXTURES, 'langfuse-blob-observations/basic.jsonl');
const TRACES = join(FIXTURES, 'langfuse-blob-traces/basic.jsonl');

describe('tags of a trace', () => {
  it.each([
    ['after its observations', [OBSERVATIONS, TRACES]],
    ['before its observations', [TRACES, OBSERVATIONS]],
    ['between two readings', [OBSERVATIONS, TRACES, OBSERVATIONS]],
  ])('reach its calls when read %s', async (_, files) => {
    const here = desk();
    for (const file of files) await here.must('ingest', '--quiet', file);
    const events = new Map((await here.events()).map((event) => [event.id, event]));
    expect(events.get('ob-1')?.tags).toEqual({
      feature: 'support',
      customer: 'initech',
      user: 'u-55',
      session: 's-900',
      workflow: 'support-answer',
      env: 'production',
      run: 't-200',
    });
    expect(events.get('ob-2')?.tags).toEqual({
      workflow: 'code-review',
      env: 'production',
      run: 't-201',
    });
    await here.must('doctor');
  });

  const call: UsageEvent = {
    id: 'c',
    time: undefined,
    provider: 'openai',
    model: 'gpt-5',
    operation: 'chat',
    status: 'success',
    billable: true,
    countSource: 'reported',
    requests: 1,
    usage: NO_USAGE,
    tags: { env: 'production', team: 'own' },
  };

  it('set by somebody win over the columns that calls repeat, not over what calls set', () => {
    const trace = {
      run: 'r',
      columns: { env: 'production', user: 'u' },
      custom: { env: 'dev', team: 'trace' },
      labels: ['beta'],
    };
    const once = withRunTags(call, trace);
    expect(once.tags).toEqual({ env: 'dev', team: 'own', user: 'u' });
    expect(withRunTags(once, trace)).toEqual(once);
  });
});
