import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAdapters } from '../../src/ingest/registry.ts';
import { desk } from '../support/fake-runtime.ts';

// The numbers were worked out from the records by other means than this code.
const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
const { bodies, rows } = JSON.parse(
  readFileSync(join(FIXTURES, 'expected-samples.json'), 'utf8'),
) as {
  readonly bodies: readonly Body[];
  readonly rows: readonly Row[];
};

interface Body {
  readonly format: string;
  readonly record: string;
  readonly timestamp: string | null;
  readonly input_uncached: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly cache_write_unspecified: number;
  readonly output_billed: number;
}

interface Row {
  readonly format: string;
  readonly action: 'import' | 'skip';
  readonly id: string;
  readonly ts: string;
  readonly input: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly output: number;
  readonly source_cost: string | null;
  readonly status: 'ok' | 'error';
  readonly latency_ms: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

const formats = (await loadAdapters())
  .filter(({ refuses }) => refuses === undefined)
  .map(({ id }) => id)
  // Formats that are passed over have no event in their golden.
  .filter((id) =>
    readFileSync(join(FIXTURES, id, 'basic.expected.json'), 'utf8').includes('"countSource"'),
  );

/** The first fixture of a format, in whatever layout it is. */
const basicOf = (format: string): string =>
  join(
    FIXTURES,
    format,
    readdirSync(join(FIXTURES, format)).find((name) => /^basic\.(jsonl|json|csv)$/.test(name)) ??
      'basic.jsonl',
  );

const sum = (writes: unknown): number =>
  Object.values(writes as Record<string, number>).reduce((total, tokens) => total + tokens, 0);

const second = (time: string | null | undefined): number | null =>
  time === null || time === undefined ? null : Math.floor(Date.parse(time) / 1000);

describe.each(formats)('%s', (format) => {
  const here = desk();
  const read = async () => {
    await here.must('ingest', '--quiet', basicOf(format));
    return here.events();
  };
  // Not before its turn: all formats at once would wait for each other past the time limit.
  let first: ReturnType<typeof read> | undefined;
  const exported = () => (first ??= read());

  it('is known by itself, priced or told why not, and adds up', async () => {
    const events = await exported();
    expect(events.length).toBeGreaterThan(0);
    expect(new Set(events.map(({ source }) => source.format))).toEqual(new Set([format]));
    await here.must('doctor');
  });

  it('has the counts and times that were worked out from response bodies', async () => {
    const events = new Map((await exported()).map((event) => [event.id, event]));
    // Records that stand for several calls, or have no id of their own, are left to the adapters' tests.
    const known = bodies.filter((body) => body.format === format && events.has(body.record));
    const read = known.map(({ record, timestamp }) => {
      const event = events.get(record);
      const time = event?.time ?? timestamp;
      return {
        record,
        input: event?.usage['input'],
        read: event?.usage['cache_read'],
        written: sum(event?.usage['cache_write']),
        output: event?.usage['output'],
        second: timestamp === null ? null : second(time),
      };
    });
    expect(read).toEqual(
      known.map((body) => ({
        record: body.record,
        input: body.input_uncached,
        read: body.cache_read,
        written: body.cache_write_5m + body.cache_write_1h + body.cache_write_unspecified,
        output: body.output_billed,
        second: second(body.timestamp),
      })),
    );
  });

  it('has the counts, costs, statuses and tags that were worked out from table rows', async () => {
    const events = new Map((await exported()).map((event) => [event.id, event]));
    const wanted = rows.filter((row) => row.format === format && row.action === 'import');
    const read = wanted.map(({ id, source_cost }) => {
      const event = events.get(id);
      return {
        id,
        time: Date.parse(event?.time ?? ''),
        status: event?.status,
        latency: event?.latency_ms,
        tags: event?.tags,
        input: event?.usage['input'],
        read: event?.usage['cache_read'],
        written: sum(event?.usage['cache_write']),
        output: event?.usage['output'],
        cost: source_cost === null ? null : Number(event?.reported_cost_usd).toFixed(11),
      };
    });
    expect(read).toEqual(
      wanted.map((row) => ({
        id: row.id,
        time: Date.parse(row.ts),
        status: row.status === 'ok' ? 'success' : 'failure',
        latency: row.latency_ms,
        tags: row.tags,
        input: row.input,
        read: row.cache_read,
        written: row.cache_write,
        output: row.output,
        cost: row.source_cost === null ? null : Number(row.source_cost).toFixed(11),
      })),
    );
    const skipped = rows.filter((row) => row.format === format && row.action === 'skip');
    expect(skipped.filter(({ id }) => events.has(id))).toEqual([]);
  });

  it('copied to another file counts nothing twice and moves nothing', async () => {
    await exported();
    const before = await here.must('export', 'events');
    const text = readFileSync(basicOf(format));
    const facts = await here.ingest(here.write(`copy${extname(basicOf(format))}`, text));
    expect(facts).toMatchObject({ new: 0, completed: 0 });
    expect(await here.must('export', 'events')).toBe(before);
  });
});

it('most records of the samples are found by their id', async () => {
  const here = desk();
  await here.must('ingest', FIXTURES);
  const ids = new Set((await here.events()).map(({ id }) => id));
  const found = bodies.filter(({ record }) => ids.has(record));
  expect(found.length).toBeGreaterThan(bodies.length / 2);
});
