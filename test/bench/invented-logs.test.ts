import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { agentSessions, type SessionFile } from './agent-sessions.ts';
import { productEvents } from './product-events.ts';

const digest = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

interface Call {
  readonly id: string;
  readonly time: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const wish = { seed: 1, start: Date.UTC(2026, 8, 1), days: 61 };
const lines = [...productEvents({ ...wish, count: 60_000 })];
const calls = lines.map((line): Call => JSON.parse(line));
const tagged = calls.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));

/** How many calls have each value of a tag. */
function counts(tag: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const tags of tagged) found.set(tags[tag] ?? '', (found.get(tags[tag] ?? '') ?? 0) + 1);
  return found;
}

/** The values of one tag that go with each value of another. */
function goWith(tag: string, other: string): readonly number[] {
  const found = new Map<string, Set<string>>();
  for (const tags of tagged)
    found.set(tags[tag] ?? '', (found.get(tags[tag] ?? '') ?? new Set()).add(tags[other] ?? ''));
  return [...found.values()].map((values) => values.size);
}

describe('the invented calls of a product', () => {
  it('are the same lines on every machine', () => {
    expect(digest(lines.slice(0, 1_000))).toBe('3eafdc5e954e4a6a');
    expect([...productEvents({ ...wish, count: 60_000 })].at(-1)).toBe(lines.at(-1));
  });

  it('are others with another seed', () => {
    const [first] = productEvents({ ...wish, seed: 2, count: 60_000 });
    expect(first).not.toBe(lines[0]);
  });

  it('are about 430 bytes a line', () => {
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length;
    expect(bytes).toBeGreaterThan(400);
    expect(bytes).toBeLessThan(450);
  });

  it('stand in the order of their times, each with an id of its own', () => {
    const times = calls.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
  });

  it('belong to features of one team and one workflow', () => {
    expect(counts('feature').size).toBe(24);
    expect(new Set(goWith('feature', 'team'))).toEqual(new Set([1]));
    expect(new Set(goWith('feature', 'workflow'))).toEqual(new Set([1]));
  });

  it('make runs of 1 to 40 calls, each of one feature and one customer', () => {
    const lengths = [...counts('run').values()];
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBeGreaterThan(35);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
    expect(new Set(goWith('run', 'feature'))).toEqual(new Set([1]));
    expect(new Set(goWith('run', 'customer'))).toEqual(new Set([1]));
  });

  it('come from customers by the law of Zipf: the tenth asks about a tenth as often as the first', () => {
    const customers = counts('customer');
    const share = (customers.get('cust-0010') ?? 0) / (customers.get('cust-0001') ?? 1);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.2);
    expect(customers.size).toBeGreaterThan(1_000);
  });

  it('have no tags in one of fifty', () => {
    const untagged = 1 - tagged.length / calls.length;
    expect(untagged).toBeGreaterThan(0.015);
    expect(untagged).toBeLessThan(0.03);
  });

  it('write that they are in production in three ways, each feature in one of them', () => {
    const spelled = new Set(['prod', 'production', 'Prod']);
    expect([...spelled].filter((way) => !counts('env').has(way))).toEqual([]);
    const ways = new Map<string, Set<string>>();
    for (const { feature = '', env = '' } of tagged)
      if (spelled.has(env)) ways.set(feature, (ways.get(feature) ?? new Set()).add(env));
    expect(new Set([...ways.values()].map(({ size }) => size))).toEqual(new Set([1]));
  });
});

describe('the invented agent logs', () => {
  const files = [...agentSessions({ seed: 1, files: 40 })];
  const written = (file: SessionFile): readonly string[] => file.lines;
  const usage = files.flatMap(written).filter((line) => line.includes('"usage":{"input_tokens":'));
  const ids = usage.map((line) => /"id":"(msg_\w+)"/.exec(line)?.[1] ?? '');

  it('are the same lines on every machine', () => {
    expect(digest(files.flatMap(written).slice(0, 1_000))).toBe('fca90a68b708eb76');
  });

  it('tell usage in a quarter of their bytes', () => {
    const bytes = (all: readonly string[]): number =>
      all.reduce((sum, line) => sum + line.length + 1, 0);
    const share = bytes(usage) / bytes(files.flatMap(written));
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  it('write messages again while they stream, the last time with all of their output', () => {
    const outputs = new Map<string, number[]>();
    for (const [index, line] of usage.entries()) {
      const output = Number(/"output_tokens":(\d+)/.exec(line)?.[1]);
      outputs.set(ids[index] ?? '', [...(outputs.get(ids[index] ?? '') ?? []), output]);
    }
    const streamed = [...outputs.values()].filter((each) => each.length > 1);
    expect(streamed.length).toBeGreaterThan(outputs.size / 3);
    expect(streamed.every((each) => Math.max(...each) === each.at(-1))).toBe(true);
  });

  it('repeat messages of an earlier session where one was resumed', () => {
    const sessions = new Map<string, Set<string>>();
    for (const [index, line] of usage.entries()) {
      const session = /"sessionId":"([^"]+)"/.exec(line)?.[1] ?? '';
      const id = ids[index] ?? '';
      sessions.set(id, (sessions.get(id) ?? new Set()).add(session));
    }
    const repeated = [...sessions.values()].filter(({ size }) => size > 1).length;
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThan(sessions.size / 5);
  });
});
