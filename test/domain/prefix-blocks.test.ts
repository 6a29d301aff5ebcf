import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BlockPrompt,
  openPrefixMemory,
  type PrefixMemory,
} from '../../src/domain/prefix-blocks.ts';

const prompt = (time: number, blocks: string, tokens = blocks.length * 10): BlockPrompt => ({
  time,
  blocks: blocks.split(''),
  blockTokens: 10,
  tokens,
});

/** What was kept of a prompt for each time to live, when it is sent. */
function sentTo(memory: PrefixMemory, asked: BlockPrompt): readonly number[] {
  let found: readonly number[] = [];
  memory.send(asked, (kept) => {
    found = kept;
    return undefined;
  });
  return found;
}

const by = (writer: number) => (): number => writer;

describe('a prefix cache', () => {
  it('tells which writer is read for the first time, and each only once', () => {
    const memory = openPrefixMemory([100]);
    expect([...memory.send(prompt(0, 'abc', 25), by(7))]).toEqual([]);
    // Of its 25 tokens the third block has 5.
    expect([...memory.send(prompt(50, 'abcd'), by(8))]).toEqual([[7, 25]]);
    expect([...memory.send(prompt(60, 'abcd'), by(9))]).toEqual([[8, 10]]);
    expect([...memory.send(prompt(70, 'abcd'), by(9))]).toEqual([]);
  });

  it('keeps a block for its time to live since its last use, to the millisecond', () => {
    const memory = openPrefixMemory([100, 1_000]);
    memory.send(prompt(0, 'a'), by(1));
    memory.send(prompt(100, 'ab'), by(1));
    expect(sentTo(memory, prompt(200, 'ab'))).toEqual([20, 20]);
    expect(sentTo(memory, prompt(301, 'ab'))).toEqual([0, 20]);
  });

  it('tells hashes apart as texts: 7 is neither 07 nor 7.0', () => {
    const memory = openPrefixMemory([100]);
    for (const block of ['7', '07', '7.0', '', '-1', '4294967303'])
      expect(sentTo(memory, { ...prompt(0, 'a'), blocks: [block] })).toEqual([0]);
    expect(sentTo(memory, { ...prompt(0, 'a'), blocks: ['7'] })).toEqual([10]);
    expect(sentTo(memory, { ...prompt(0, 'a'), blocks: ['-1'] })).toEqual([10]);
  });

  it('takes a prompt without a time to follow the one before at once', () => {
    const memory = openPrefixMemory([100]);
    memory.send(prompt(0, 'a'), by(1));
    expect(sentTo(memory, { ...prompt(0, 'a'), time: undefined })).toEqual([10]);
  });

  it('finds as much as comparing with every earlier prompt does', () => {
    const sent = fc.record({
      // Few letters, so that beginnings repeat; a block may repeat within a prompt too.
      blocks: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }),
      gap: fc.integer({ min: 0, max: 60 }),
      short: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 25 }), (prompts) => {
        const memory = openPrefixMemory([Number.POSITIVE_INFINITY, 100]);
        const earlier: { readonly blocks: string; readonly time: number }[] = [];
        let time = 0;
        for (const { blocks, gap, short } of prompts) {
          time += gap;
          const tokens = Math.max(0, blocks.length * 10 - short);
          const shared = (ttl: number): number => {
            let depth = 0;
            while (
              depth < blocks.length &&
              earlier.some(
                (each) =>
                  time - each.time <= ttl &&
                  each.blocks.length > depth &&
                  each.blocks.startsWith(blocks.slice(0, depth + 1)),
              )
            )
              depth += 1;
            return Math.min(tokens, depth * 10);
          };
          const asked = { ...prompt(time, blocks), tokens };
          const expected = [shared(Number.POSITIVE_INFINITY), shared(100)];
          expect(sentTo(memory, asked)).toEqual(expected);
          earlier.push({ blocks, time });
        }
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });
});
