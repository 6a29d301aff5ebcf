import { describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

/** What tests read of `aicost whatif ... --format json`. */
interface Whatif {
  readonly requests: Readonly<Record<'total' | 'changed' | 'unchanged' | 'excluded', number>>;
  readonly before_usd: string;
  readonly after_usd: Readonly<Record<'low' | 'mid' | 'high', string>>;
  readonly saving_usd: Readonly<Record<'low' | 'mid' | 'high', string>>;
  readonly report_total_usd: string;
  readonly rows: readonly {
    readonly part: string;
    readonly reason: string | null;
    readonly requests: number;
    readonly before_usd: string;
  }[];
}

const own = (more: Readonly<Record<string, unknown>>): ReturnType<typeof call> => call(more);

describe('whatif downshift', () => {
  it('prices each request of a model on another', async () => {
    const { write, must } = desk();
    write(
      'a.jsonl',
      jsonl(own({ id: 'a', model: 'gpt-4o' }), own({ id: 'b', model: 'gpt-4o-mini' })),
    );
    await must('ingest', 'a.jsonl');
    const found: Whatif = JSON.parse(
      await must(
        'whatif',
        'downshift',
        '--from',
        'gpt-4o',
        '--to',
        'gpt-4o-mini',
        '--format',
        'json',
      ),
    );
    expect(found.requests).toMatchObject({ total: 2, changed: 1, unchanged: 1, excluded: 0 });
    expect(found.report_total_usd).toBe(found.before_usd);
  });
});
