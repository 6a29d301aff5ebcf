import { money, ZERO } from '../domain/money.ts';
import type { InferredSpend, SpendAnswer, SpendRow } from '../domain/spend.ts';
import { addSpend, type GrowingSpend } from '../domain/spend-sums.ts';
import { counted } from '../domain/words.ts';
import type { Cell, Note } from './answer.ts';
import { dollarsText } from './dollars-text.ts';

/** What a group without anything inferred shows. */
export const NOTHING_INFERRED: InferredSpend = { requests: 0n, cost: ZERO, certainty: 0n };

const MILLIONTHS = 1_000_000n;

/** The sum of what was inferred; `undefined` where nothing was. */
export function sumOfInferred(
  groups: Iterable<{ readonly inferred?: InferredSpend | undefined }>,
): InferredSpend | undefined {
  let sum: InferredSpend | undefined;
  for (const { inferred } of groups) sum = inferred === undefined ? sum : together(sum, inferred);
  return sum;
}

const together = (
  { requests, cost, certainty } = NOTHING_INFERRED,
  more: InferredSpend,
): InferredSpend => ({
  requests: requests + more.requests,
  cost: money(cost + more.cost),
  certainty: certainty + more.certainty,
});

/**
 * Takes the last thing that rows were grouped by, where their values came from, out of their keys, and tells beside
 * each group what of it was inferred. It is asked for like this so that every kind of cost can be told apart.
 */
export function inferredApart(answer: SpendAnswer): SpendAnswer {
  const groups = new Map<
    string,
    { readonly row: SpendRow; readonly sum: GrowingSpend; inferred: InferredSpend | undefined }
  >();
  for (const row of answer.rows) {
    const key = row.key.slice(0, -1);
    const name = JSON.stringify([key, row.step]);
    const group = groups.get(name);
    const inferred =
      row.key.at(-1) === 'inferred'
        ? { requests: row.requests, cost: row.cost, certainty: row.certainty ?? 0n }
        : undefined;
    if (group === undefined) {
      groups.set(name, { row: { ...row, key }, sum: { ...row }, inferred });
      continue;
    }
    addSpend(group.sum, row);
    if (inferred !== undefined) group.inferred = together(group.inferred, inferred);
  }
  return {
    ...answer,
    rows: [...groups.values()].map(({ row, sum, inferred }) => ({
      ...row,
      ...sum,
      key: row.key,
      ...(inferred === undefined ? {} : { inferred }),
    })),
  };
}

/** What was inferred of a group, and how sure that is on average: the share of calls that agree. */
export const inferredCells = ({ requests, cost, certainty }: InferredSpend): readonly Cell[] => [
  { kind: 'money', value: cost },
  requests > 0n
    ? { kind: 'share', part: certainty, whole: requests * MILLIONTHS }
    : { kind: 'unknown' },
];

/** Says what part of the spend nobody tagged. */
export const inferenceNotes = (inferred: InferredSpend | undefined): readonly Note[] =>
  inferred === undefined
    ? []
    : [
        {
          code: 'inferred',
          message: `${dollarsText(inferred.cost)} of ${counted(inferred.requests, 'request')} has no tag of its own and follows most calls of the same run, session or key; --no-infer leaves it untagged`,
        },
      ];
