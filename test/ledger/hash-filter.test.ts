import { describe, expect, it } from 'vitest';
import { HashFilter } from '../../src/ledger/hash-filter.ts';

/** Hashes that differ in all bits. */
const hashOf = (number: number): number => Math.imul(number + 1, 0x9e3779b1) ^ (number << 7);
const hashes = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => hashOf(from + index));

describe('a filter of hashes', () => {
  it('has every hash that was added, and few others', () => {
    const filter = HashFilter.for(10_000);
    for (const hash of hashes(0, 10_000)) filter.add(hash);
    expect(hashes(0, 10_000).every((hash) => filter.mayHave(hash))).toBe(true);
    // 16 to 32 bits a hash, two of which are set: at most (1 - e^(-2/16))² = 1.4 of 100 are taken for seen.
    const mistaken = hashes(10_000, 10_000).filter((hash) => filter.mayHave(hash)).length;
    expect(mistaken).toBeLessThan(300);
  });

  it('is kept as its bytes', () => {
    const filter = HashFilter.for(100);
    for (const hash of hashes(0, 100)) filter.add(hash);
    const again = HashFilter.of(Buffer.from(filter.bytes));
    expect(hashes(0, 100).every((hash) => again.mayHave(hash))).toBe(true);
    expect(again.mayHave(hashOf(101))).toBe(filter.mayHave(hashOf(101)));
  });

  it.each([
    // 4 kB have 32,768 bits: 8 bits a hash for 4,096 of them.
    { made: 0, bytes: 4_096, most: 4_096 },
    { made: 2_048, bytes: 4_096, most: 4_096 },
    { made: 2_049, bytes: 8_192, most: 8_192 },
    { made: 1_000_000, bytes: 2_097_152, most: 2_097_152 },
    { made: 100_000_000, bytes: 8_388_608, most: Number.MAX_SAFE_INTEGER },
  ])('that is made for $made hashes takes $bytes bytes and has room for $most', (each) => {
    const filter = HashFilter.for(each.made);
    expect(filter.bytes).toHaveLength(each.bytes);
    expect(filter.hasRoomFor(each.most)).toBe(true);
    expect(filter.hasRoomFor(each.most + 1)).toBe(each.most === Number.MAX_SAFE_INTEGER);
  });
});
