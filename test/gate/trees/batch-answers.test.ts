import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchAnswer, batchAnswers } from '../../../src/gate/trees/batch-answers.ts';

const ID = 'ce013625030ba8dba906f756967f9e9ca394464a';

/** What git prints of these contents; undefined is an object it does not have. */
const printed = (contents: readonly (Uint8Array | undefined)[]): Buffer =>
  Buffer.concat(
    contents.map((bytes) =>
      bytes === undefined
        ? Buffer.from(`${ID} missing\n`)
        : Buffer.concat([Buffer.from(`${ID} blob ${bytes.length}\n`), bytes, Buffer.from('\n')]),
    ),
  );

function answersTo(output: Buffer, cuts: readonly number[]): readonly BatchAnswer[] {
  const answers: BatchAnswer[] = [];
  const take = batchAnswers((answer) => answers.push(answer));
  const edges = [0, ...cuts.map((cut) => cut % (output.length + 1)), output.length];
  const sorted = edges.toSorted((a, b) => a - b);
  for (const [n, edge] of sorted.slice(1).entries()) take(output.subarray(sorted[n], edge));
  return answers;
}

describe('the output of git cat-file --batch', () => {
  it('is taken apart wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }), { maxLength: 6 }),
        fc.array(fc.nat({ max: 1000 }), { maxLength: 12 }),
        (contents, cuts) => {
          const answers = answersTo(printed(contents), cuts);
          expect(
            answers.map((answer) => (answer.kind === 'content' ? [...answer.bytes] : answer.kind)),
          ).toEqual(contents.map((bytes) => (bytes === undefined ? 'missing' : [...bytes])));
        },
      ),
      { seed: 6, numRuns: 500 },
    );
  });

  it('may hold lines that look like its own', () => {
    const text = Buffer.from(`${ID} missing\n${ID} blob 3\nabc\n`);
    const [one, two, ...more] = answersTo(printed([text, Buffer.from('x')]), []);
    expect(one).toEqual({ kind: 'content', bytes: text });
    expect(two).toEqual({ kind: 'content', bytes: Buffer.from('x') });
    expect(more).toEqual([]);
  });
});
