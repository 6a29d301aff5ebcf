import type { Adapter } from './contract/adapter.ts';
import { at, epochSecondsAt, listAt, textAt } from './contract/fields.ts';
import { isUsageEndpoint, usageResult } from './contract/openai-usage-result.ts';
import { readEach } from './contract/read-each.ts';

export default {
  id: 'openai-usage-api',
  title: 'OpenAI organization Usage API pages (organization/usage/*)',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/usage',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const buckets = bucketsOf(record);
    const results = buckets.flatMap((bucket) => listAt(bucket, 'results'));
    if (results.length > 0) return results.some((result) => endpointOf(result) !== undefined);
    // Nothing was used: the page of an organization that has not started.
    return at(record, 'object') === 'page' && buckets.length > 0 && buckets.every(isBucket);
  },
  normalize: (record) => {
    const results = bucketsOf(record).flatMap((bucket) => {
      const rows = listAt(bucket, 'results');
      return (rows.length > 0 ? rows : [undefined]).map((result) => ({ result, bucket }));
    });
    return readEach(
      results,
      ({ result }) => textAt(result, 'object') ?? 'result without object',
      ({ result, bucket }) => {
        if (result === undefined) return 'empty bucket';
        const endpoint = endpointOf(result);
        return endpoint === undefined || !isUsageEndpoint(endpoint)
          ? `${textAt(result, 'object') ?? 'result without object'}: unknown endpoint`
          : usageResult(result, endpoint, epochSecondsAt(bucket, 'start_time'));
      },
    );
  },
} satisfies Adapter;

const isBucket = (record: unknown): boolean => at(record, 'object') === 'bucket';

/** The buckets of a page, or a bucket that was cut out of one. */
function bucketsOf(record: unknown): readonly unknown[] {
  if (isBucket(record)) return [record];
  return at(record, 'object') === 'page' ? listAt(record, 'data') : [];
}

const endpointOf = (result: unknown): string | undefined =>
  /^organization\.usage\.(\w+)\.result$/.exec(textAt(result, 'object') ?? '')?.[1];
