import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeMapping } from '../../src/config/mapping-file.ts';
import { decodeCase } from '../../src/config/quote-lines.ts';
import { comparable, parsePeriod } from '../../src/domain/period.ts';
import { splitFlatTag } from '../../src/domain/tags.ts';
import { readAcornCard } from '../fixtures/rates/acorn.ts';
import { freshFolder, runIn } from '../support/fake-runtime.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ROW = 'from: 2026-01-01, source: page, input: 1.00, output: 4.00';
const OAK = `models: {oak-1: {prices: [{${ROW}}]}}`;
const CASE = { id: 'a', provider: 'openai', model: 'gpt-4o', at: '2026-11-01', buckets: {} };
const decode = (more: object) => decodeCase(JSON.stringify({ ...CASE, ...more }));

describe('a mapping file', () => {
  it.each(['input_includes_cache', 'output_includes_reasoning', 'name'])(
    'is refused when %s has a value that is none',
    (key) => {
      const value = key === 'name' ? '[a]' : 'yes';
      const text = `map: 1\nfields: {time: t, model: m, input: i}\n${key}: ${value}\n`;
      expect(() => decodeMapping(text, 'tracker.yaml')).toThrow('expected');
    },
  );
});

describe('comparable', () => {
  it('sets 18 hours that began in the afternoon beside 18 hours', () => {
    const span = { start: Date.parse('2026-11-20T18:00:00Z'), end: Date.parse('2026-11-25') };
    const { current, base } = comparable(span, undefined, { now: NOW, timeZone: 'UTC' });
    expect(base.end - base.start).toBe(current.end - current.start);
  });

  it('never has a base that ends before it begins', () => {
    const span = {
      start: Date.parse('2026-11-21T00:00:00Z'),
      end: Date.parse('2026-11-22T00:30:00Z'),
    };
    const clock = { now: Date.parse('2026-11-21T01:00:00Z'), timeZone: 'UTC' };
    const { base } = comparable(span, undefined, clock);
    expect(base.end).toBeGreaterThanOrEqual(base.start);
  });
});

describe('a case of rates quote --stdin', () => {
  it.each([
    { name: 'buckets in a list', more: { buckets: [5] } },
    { name: 'fees in a list', more: { fees: [5] } },
    { name: 'a context that is a text', more: { context: 'batch' } },
    { name: 'an unknown key of context', more: { context: { servicetier: 'batch' } } },
    { name: 'a service tier that is a number', more: { context: { service_tier: 5 } } },
  ])('is refused with $name', ({ more }) => {
    expect(() => decode(more)).toThrow('expected');
  });

  it('adds two spellings of one meter', () => {
    const { wanted } = decode({ buckets: { cache_write_5m: 5, 'cache_write@5m': 7 } });
    expect(wanted.buckets.get('cache_write@5m')).toBe(12n);
  });
});

describe('rates quote', () => {
  const quote = (...argv: string[]) =>
    runIn({ cwd: freshFolder() }, ['rates', 'quote', ...argv, '--format', 'json']);

  it.each(['input_audoi=5', 'cache_reads=5', 'outputs=5'])('refuses --meter %s', async (meter) => {
    expect((await quote('gpt-4o', '--meter', meter)).code).toBe(2);
  });

  it('takes --meter cache_write_1h for one hour, never for five minutes', async () => {
    // 1,000,000 x 10.00 a million.
    const { out } = await quote('claude-opus-5', '--meter', 'cache_write_1h=1000000');
    expect(JSON.parse(out).cost_usd).toBe('10');
  });

  it('takes a provider in any letters', async () => {
    const { out } = await quote('gpt-4o', '--input', '1000000', '--provider', 'OpenAI');
    expect(JSON.parse(out).cost_usd).toBe('2.5');
  });

  it('names the flag of a wrong number', async () => {
    expect((await quote('gpt-4o', '--input', '1,000')).err).toContain('--input');
  });

  it('reads an aicost.yaml in which nothing is said yet', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'aicost.yaml'), '# nothing yet\n');
    const { err } = await runIn({ cwd }, ['rates', 'quote', 'gpt-4o', '--input', '5']);
    expect(err).toBe('');
  });
});

describe('rates lint', () => {
  it.each([
    { name: 'an unknown modality', text: `at_text_price: [images]\n${OAK}` },
    { name: 'a surcharge that never applies', text: `surcharges: {eu: {multiply: 1.1}}\n${OAK}` },
    { name: 'a fee without a price', text: `fees: {lookup: {per: call, prices: []}}\n${OAK}` },
    {
      name: 'a tier without a price',
      text: `models: {oak-1: {prices: [{${ROW}, tiers: [{above: 10}]}]}}`,
    },
    {
      name: 'hours without a price',
      text: `models: {oak-1: {prices: [{${ROW}, hours: [{utc: ["01:00-02:00"]}]}]}}`,
    },
  ])('refuses $name', ({ text }) => {
    expect(readAcornCard(text).errors).not.toEqual([]);
  });

  it('says so when a folder has no card', async () => {
    const cwd = freshFolder();
    expect((await runIn({ cwd }, ['rates', 'lint', cwd])).code).toBe(2);
  });
});

describe('a wrong flag', () => {
  it.each(['--since', '--period', '--where', '--compare'])(
    'is told before any file is read: %s',
    async (flag) => {
      const { err } = await runIn({ cwd: freshFolder() }, [
        'report',
        'nowhere.jsonl',
        flag,
        'yesteryear',
      ]);
      expect(err).toContain(flag);
    },
  );

  it('leaves no ledger behind when there was nothing to read', async () => {
    const cwd = freshFolder();
    await runIn({ cwd, env: { HOME: cwd } }, ['ingest', 'nowhere.jsonl', '--ledger', 'costs.db']);
    expect(existsSync(join(cwd, 'costs.db'))).toBe(false);
  });
});

describe('periods and tags', () => {
  it('knows no month of the year 50', () => {
    expect(parsePeriod('0050-01', { now: NOW, timeZone: 'UTC' })).toBeUndefined();
  });

  it.each([' :search', 'team: '])('takes %j for no flat tag', (text) => {
    expect(splitFlatTag(text)).toBeUndefined();
  });
});
