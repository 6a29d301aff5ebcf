import { describe, expect, it } from 'vitest';
import { desk, jsonl } from '../support/fake-runtime.ts';

const MAP = `map: 1
fields: {time: timestamp, input: input_length, output: output_length}
constants: {provider: openai, model: gpt-4o}
time_format: epoch_ms
time_start: 2026-11-01T08:00:00Z
tags: {prefix_hashes: hash_ids}
`;

describe('facts of calls', () => {
  it('come from a trace that counts time from its own beginning and lists its blocks', async () => {
    const here = desk();
    here.write('map.yaml', MAP);
    here.write(
      'trace.jsonl',
      jsonl(
        { timestamp: 0, input_length: 700, output_length: 5, hash_ids: [46, 47] },
        { timestamp: 1500, input_length: 512, output_length: 5, hash_ids: [46] },
        { timestamp: 1501, input_length: 5, output_length: 5, hash_ids: [] },
      ),
    );
    await here.must('ingest', 'trace.jsonl', '--map', 'map.yaml');
    const events = await here.events();
    expect(events.map(({ time, tags }) => [time, tags])).toEqual([
      ['2026-11-01T08:00:00.000Z', { prefix_hashes: '46 47' }],
      ['2026-11-01T08:00:01.500Z', { prefix_hashes: '46' }],
      ['2026-11-01T08:00:01.501Z', {}],
    ]);
  });

  it.each([
    [
      'time_start: 2026-11-01T08:00:00Z',
      'time_start: yesterday',
      'map.yaml:5:13: time_start: expected a time like 2026-11-01 or 2026-11-01T09:00:00Z, found "yesterday"',
    ],
    [
      'time_format: epoch_ms',
      'time_format: iso',
      'map.yaml:5:13: time_start: only numbers count from an instant; write time_format: epoch_ms, or epoch_s',
    ],
  ])('are refused with a place: %s as %s', async (right, wrong, message) => {
    const here = desk();
    here.write('map.yaml', MAP.replace(right, wrong));
    here.write('trace.jsonl', '{}\n');
    const { code, err } = await here.aicost('ingest', 'trace.jsonl', '--map', 'map.yaml');
    const [first] = err.replaceAll(`${here.folder}/`, '').split('\n');
    expect([code, first]).toEqual([2, `aicost: ${message}`]);
  });

  it('are the same in the log, in the export and read back, and stand beside hostile ones', async () => {
    const here = desk();
    const call = {
      time: '2026-11-02T09:00:00Z',
      provider: 'openai',
      model: 'gpt-4o',
      input_tokens: 1000,
    };
    here.write(
      'log.jsonl',
      jsonl(
        { ...call, id: 'a', prompt_hash: 'p', temperature: 0, prefix_hashes: ['x', 'y'] },
        { ...call, id: 'b', prefix_hashes: [{ not: 'a hash' }], temperature: null },
        { ...call, id: 'c', prefix_hashes: 'x y', tags: { prompt_hash: 'q' }, prompt_hash: 'p' },
      ),
    );
    await here.must('ingest', 'log.jsonl');
    const tags = (await here.events()).map((event) => event.tags);
    expect(tags).toEqual([
      { prompt_hash: 'p', temperature: '0', prefix_hashes: 'x y' },
      {},
      { prefix_hashes: 'x y', prompt_hash: 'q' },
    ]);
    const other = desk();
    other.write('export.jsonl', await here.must('export', 'events'));
    await other.must('ingest', 'export.jsonl');
    expect((await other.events()).map((event) => event.tags)).toEqual(tags);
  });

  it('are kept with each call once there are many, also where calls share them, and still count', async () => {
    const here = desk();
    // 1,500 prompts, each asked again by the next call; their sizes make a tag set of nearly every call.
    const calls = Array.from({ length: 3_000 }, (_, index) => ({
      time: new Date(Date.parse('2026-11-02T09:00:00Z') + index * 1000).toISOString(),
      id: `c${index}`,
      provider: 'openai',
      model: 'gpt-4o',
      input_tokens: 2000,
      prompt_hash: `p${index >> 1}`,
      system_tokens: 300 + (index % 900),
      temperature: 0,
      tags: { feature: 'faq' },
    }));
    here.write('log.jsonl', jsonl(...calls));
    const ingest = JSON.parse(await here.must('ingest', 'log.jsonl', '--format', 'json'));
    expect(ingest.identifiers).toEqual(['prompt_hash', 'system_tokens']);
    const found = JSON.parse(await here.must('whatif', 'exact-cache', '--format', 'json'));
    // 1,500 x 2,000 tokens at $2.50.
    expect([found.requests.changed, found.saving_usd.mid]).toEqual([1_500, '7.5']);
    const trimmed = await here.must('whatif', 'trim', '--system-pct', '100', '--format', 'json');
    // Three rounds of 300 to 1,199, and 300 calls more: 2,700 x 749.5 + 300 x 449.5 tokens.
    expect(JSON.parse(trimmed).saving_usd.mid).toBe('5.39625');
  });
});
