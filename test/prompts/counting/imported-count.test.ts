import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeImportedCounts } from '../../../src/config/imported-counts.ts';
import { countKey, importedCount } from '../../../src/prompts/counting/imported-count.ts';

const MODEL = 'claude-opus-4-7';
const REQUEST = {
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Où?' }],
  tools: undefined,
};
const CANONICAL = '{"messages":[{"content":"Où?","role":"user"}],"system":"Be brief."}';
const KEY = createHash('sha256').update(`${MODEL}\n${CANONICAL}`).digest('hex');

const file = (counts: unknown): string =>
  JSON.stringify({ schema: 'aicost.counts/1', counts }, null, 2);
const decode = (text: string): ReadonlyMap<string, number> =>
  decodeImportedCounts(text, 'counts.json');

describe('an imported count', () => {
  it('is found by model and request, in whatever order the keys are written', () => {
    const counts = decode(file({ [KEY]: { tokens: 812, model: MODEL, counted: '2026-11-21' } }));
    const turned = { messages: [{ content: 'Où?', role: 'user' }], system: 'Be brief.' };
    const exact = { tokens: 812, low: 812, high: 812, source: 'exact' };
    expect(importedCount(counts, MODEL, REQUEST)).toEqual(exact);
    expect(importedCount(counts, MODEL, turned)).toEqual(exact);
    expect(importedCount(counts, 'claude-opus-4-8', REQUEST)).toBeUndefined();
    expect(importedCount(counts, MODEL, { ...REQUEST, system: 'Be brief' })).toBeUndefined();
  });

  it('may be a number alone', () => {
    expect(decode(file({ [KEY]: 7 })).get(KEY)).toBe(7);
  });

  it('has a key that tells lists from maps and texts from numbers', () => {
    const requests = [[], {}, [1], ['1'], { 0: 1 }, null, '', 'null', { a: [] }, { a: {} }];
    expect(new Set(requests.map((request) => countKey(MODEL, request))).size).toBe(requests.length);
  });

  it('has no key where JSON could not say the request, or would not end', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(countKey(MODEL, deep)).toBeUndefined();
    expect(countKey(MODEL, { a: 1n })).toBeUndefined();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(countKey(MODEL, circle)).toBeUndefined();
  });

  it.each([
    [
      '{"schema": "aicost.counts/2", "counts": {}}',
      1,
      12,
      'missing or unknown schema; write "schema": "aicost.counts/1"',
    ],
    [
      '{"schema": "aicost.counts/1",\n "count": {}}',
      2,
      2,
      'unknown key "count"; did you mean "counts"?',
    ],
    [file({ abc: 7 }), 4, 5, 'counts: expected the SHA-256 of model and request, 64 hex digits'],
    [file({ [KEY]: -7 }), 4, 73, 'counts: expected a whole number, 0 or more, found "-7"'],
    [
      file({ [KEY]: 100_000_001 }),
      4,
      73,
      'counts: expected at most 100000000 tokens, found "100000001"',
    ],
    [file({ [KEY]: { token: 7 } }), 5, 7, 'counts: unknown key "token"; did you mean "tokens"?'],
    [file({ [KEY]: { model: MODEL } }), 4, 73, 'counts: needs "tokens", a whole number'],
    [file([]), 3, 13, 'counts: expected keys and values, found a list'],
  ])('that is wrong is refused with its place: %#', (text, line, column, message) => {
    const origin = { file: 'counts.json', line, column };
    expect(() => decode(text)).toThrow(expect.objectContaining({ message, origin }));
  });
});
