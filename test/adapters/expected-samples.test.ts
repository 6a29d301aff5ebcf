import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moneyText } from '../../src/domain/money.ts';
import { joinSameCall } from '../../src/domain/same-call.ts';
import { cacheWriteTotal, type UsageEvent } from '../../src/domain/usage.ts';
import { loadAdapters } from '../../src/ingest/registry.ts';
import { outcomesOf, recordsOf } from '../support/fixtures.ts';

// Numbers worked out from the files by other means than these adapters: they check the goldens.
const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
interface Expected {
  readonly bodies?: readonly Body[];
  readonly rows?: readonly Row[];
}
// One file for a sample; the bodies of one sample are those of one fixture.
const folder = join(FIXTURES, 'expected');
const files = [
  join(FIXTURES, 'expected-samples.json'),
  ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
].map((file) => JSON.parse(readFileSync(file, 'utf8')) as Expected);
const expected = {
  bodies: files.flatMap(({ bodies }) => bodies ?? []),
  rows: files.flatMap(({ rows }) => rows ?? []),
};
const adapters = await loadAdapters();

interface Body {
  readonly format: string;
  /** File in the format's folder; `basic.jsonl` where it is not said. */
  readonly fixture?: string;
  readonly record: string;
  readonly timestamp: string | null;
  readonly model: string | null;
  readonly input_uncached: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly cache_write_unspecified: number;
  readonly output_billed: number;
  readonly reasoning_in_output: number | null;
  readonly billable: string;
}

interface Row {
  readonly format: string;
  /** File in the format's folder; `basic.jsonl` where it is not said. */
  readonly fixture?: string;
  readonly row: number | string;
  readonly action: 'import' | 'skip';
  readonly id: string;
  readonly ts: string;
  readonly provider: string;
  readonly model: string;
  readonly input: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly cache_write_1h: number | null;
  readonly output: number;
  readonly reasoning: number;
  readonly source_cost: string | null;
  readonly status: 'ok' | 'error' | 'cancelled';
  readonly latency_ms: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
}

async function eventsOf(format: string, fixture = 'basic.jsonl'): Promise<readonly UsageEvent[]> {
  const adapter = adapters.find(({ id }) => id === format);
  if (adapter === undefined) throw new Error(`no adapter ${format}`);
  const outcomes = outcomesOf(adapter, await recordsOf(join(FIXTURES, format, fixture)));
  return outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome.events));
}

/** The same call: one id; or one family, where either is a replay or knows no more than the family. */
const sameCall = (one: UsageEvent, other: UsageEvent): boolean =>
  (one.id !== undefined && one.id === other.id) ||
  (one.family !== undefined &&
    one.family === other.family &&
    [one, other].some((event) => event.replay === true || event.id === event.family));

const joined = (events: readonly UsageEvent[]): readonly UsageEvent[] =>
  events.reduce<readonly UsageEvent[]>((kept, event) => {
    const index = kept.findIndex((other) => sameCall(event, other));
    return index < 0
      ? [...kept, event]
      : kept.map((other, at) => (at === index ? joinSameCall(other, event) : other));
  }, []);

const nameOf = ({ format, fixture }: Body): string => `${format}/${fixture ?? 'basic.jsonl'}`;
const bodySets = [...new Set(expected.bodies.map(nameOf))];
const rowFormats = [...new Set(expected.rows.map(({ format }) => format))];

describe.each(bodySets)('%s bodies', async (name) => {
  // A body without a model is an error body: no call.
  const bodies = expected.bodies.filter((body) => nameOf(body) === name && body.model !== null);
  const [format = '', fixture] = name.split('/');
  const events = joined(await eventsOf(format, fixture));

  it('make one event each', () => expect(events).toHaveLength(bodies.length));

  it.each(bodies.map((body, index) => ({ ...body, event: events[index] })))(
    '$record',
    ({ event, ...body }) => {
      expect({
        time: event?.time,
        model: event?.model,
        usage: { ...event?.usage, parts: {}, fees: {} },
        billable: event?.billable,
      }).toEqual({
        time: body.timestamp === null ? undefined : Date.parse(body.timestamp),
        model: body.model?.replace(/ \(.*/, ''),
        usage: {
          input: body.input_uncached,
          cacheRead: body.cache_read,
          cacheWrite: {
            ...(body.cache_write_5m > 0 && { '5m': body.cache_write_5m }),
            ...(body.cache_write_1h > 0 && { '1h': body.cache_write_1h }),
            ...(body.cache_write_unspecified > 0 && { default: body.cache_write_unspecified }),
          },
          output: body.output_billed,
          reasoning: body.reasoning_in_output ?? 0,
          parts: {},
          fees: {},
        },
        // rF is billed by the hour of its provisioned throughput, not by these tokens.
        billable: !body.billable.startsWith('no') && body.record !== 'rF',
      });
    },
  );
});

describe.each(rowFormats)('%s rows', async (format) => {
  const rows = expected.rows.filter((row) => row.format === format && row.action === 'import');
  const events = joined(await eventsOf(format, rows[0]?.fixture));

  it('make exactly the calls to import', () =>
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id))));

  it.each(rows.map((row) => ({ ...row, event: events.find(({ id }) => id === row.id) })))(
    'row $row, $id',
    ({ event, ...row }) => {
      expect(event).toBeDefined();
      if (event === undefined) return;
      const { usage } = event;
      expect({
        time: event.time,
        provider: event.provider,
        model: event.model,
        input: usage.input,
        cacheRead: usage.cacheRead,
        cacheWrite: cacheWriteTotal(usage),
        cacheWriteLong: usage.cacheWrite['1h'] ?? 0,
        output: usage.output,
        reasoning: usage.reasoning,
        cost: event.reportedCost === undefined ? null : moneyText(event.reportedCost),
        status: event.status,
        latencyMs: event.latencyMs ?? null,
        tags: event.tags,
        labels: [...(event.labels ?? [])].sort(),
      }).toEqual({
        time: Date.parse(row.ts),
        provider: row.provider === '' ? 'unknown' : row.provider,
        model: row.model,
        input: row.input,
        cacheRead: row.cache_read,
        cacheWrite: row.cache_write,
        cacheWriteLong: row.cache_write_1h ?? 0,
        output: row.output,
        reasoning: row.reasoning,
        cost: row.source_cost,
        status: { ok: 'success', error: 'failure', cancelled: 'cancelled' }[row.status],
        latencyMs: row.latency_ms,
        tags: row.tags,
        labels: [...row.labels].sort(),
      });
    },
  );
});
