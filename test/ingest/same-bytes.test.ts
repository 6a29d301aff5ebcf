import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptBytes, sameBytes, viewOf } from '../../src/ingest/same-bytes.ts';

const SEED = 20_261_122;

it('bytes of text are the same where every one of them is, wherever they stand', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '😀', '\u007f'), maxLength: 12 });
  const check = fc.property(text, text, fc.nat(40), fc.nat(9), (before, known, change, from) => {
    const bytes = Buffer.from(known);
    const line = Buffer.concat([Buffer.from(`>${before}`), bytes, Buffer.from('<')]);
    const at = line.length - bytes.length - 1;
    const kept = viewOf(Buffer.concat([Buffer.alloc(from, 'x'), bytes]));
    expect(sameBytes(viewOf(line), at, kept, from, bytes.length)).toBe(true);
    if (change >= bytes.length) return;
    line[at + change] = (line[at + change] ?? 0) ^ 1;
    expect(sameBytes(viewOf(line), at, kept, from, bytes.length)).toBe(false);
  });
  fc.assert(check, { seed: SEED, numRuns: 1_000 });
});

it('bytes that are no text are never said to be the same when they differ', () => {
  const bytes = fc.uint8Array({ min: 1, minLength: 8, maxLength: 20 });
  const check = fc.property(
    bytes,
    fc.nat(19),
    fc.integer({ min: 1, max: 255 }),
    (known, at, bits) => {
      const other = Uint8Array.from(known);
      other[at % other.length] = (other[at % other.length] ?? 0) ^ bits;
      expect(sameBytes(viewOf(other), 0, viewOf(known), 0, known.length)).toBe(false);
    },
  );
  fc.assert(check, { seed: SEED, numRuns: 1_000 });
});

it('bytes are kept while more than there was room for come behind them', () => {
  const kept = new KeptBytes();
  const pieces = ['first', 'x'.repeat(9_000), 'last'].map((piece) => Buffer.from(piece));
  const starts = pieces.map((piece) => kept.add(piece));
  expect(starts).toEqual([0, 5, 9_005]);
  for (const [index, piece] of pieces.entries())
    expect(sameBytes(viewOf(piece), 0, kept.view, starts[index] ?? 0, piece.length)).toBe(true);
});
