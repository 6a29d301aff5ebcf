import { allocatedRatios } from '../domain/allocation.ts';
import type { Load } from '../domain/allocation-run.ts';
import { consumerText, type Share } from '../domain/allocation-shares.ts';
import { trimmedAmount, amountText } from '../domain/bill.ts';
import { divideHalfEven, moneyText } from '../domain/money.ts';
import type { Fraction } from '../domain/fraction.ts';
import type { Json } from './answer.ts';

/**
 * Every share with the columns that FOCUS 1.3 has for allocated charges: AllocatedMethodId, AllocatedMethodDetails
 * and AllocatedTags (https://focus.finops.org, read 2026-11-21). Ratios of one origin charge in one step add up to 1.
 */
export function allocationRecords(shares: readonly Share[]): readonly Json[] {
  const charges = new Map<string, Share[]>();
  for (const share of shares) {
    const id = JSON.stringify([share.of.name, share.via, share.rule?.name, share.step.start]);
    const present = charges.get(id);
    if (present === undefined) charges.set(id, [share]);
    else present.push(share);
  }
  return [...charges.values()].flatMap((charge) => {
    const ratios = allocatedRatios(
      charge.map((share, index) => ({
        key: `${receiverText(share)} ${index}`,
        weight: share.weight,
      })),
    );
    return charge.map((share, index) => record(share, ratios?.[index] ?? '1'));
  });
}

function record(share: Share, ratio: string): Json {
  const { of, via, rule, step, to, by, amount, unit, quantity } = share;
  const tags: Record<string, Json> = Object.create(null);
  if (to.kind === 'consumer')
    for (const [index, { name }] of by.entries()) tags[name] = to.key[index] ?? null;
  return {
    pool: of.name,
    part: of.part,
    via: via ?? null,
    step: { start: iso(step.start), end: iso(step.end) },
    to: to.kind,
    amount_usd: moneyText(amount),
    AllocatedMethodId: rule?.name ?? null,
    AllocatedMethodDetails:
      unit === undefined || quantity === undefined
        ? null
        : {
            Elements: [
              { AllocatedRatio: ratio, UsageUnit: unit, UsageQuantity: quantityText(quantity) },
            ],
          },
    AllocatedResourceName: of.name,
    AllocatedTags: tags,
    evidence: [...(rule?.evidence ?? []), ...share.places],
  };
}

/** The first step of two: what cost pools have to carry of overhead. */
export const loadRecords = (loads: readonly Load[]): readonly Json[] =>
  loads.map(({ step, rule, of, to, amount, weight, weights }) => ({
    pool: of.name,
    to_pool: to.name,
    step: { start: iso(step.start), end: iso(step.end) },
    amount_usd: moneyText(amount),
    AllocatedMethodId: rule.name,
    weight: weight.toString(),
    weights: weights.toString(),
  }));

const receiverText = ({ to }: Share): string =>
  to.kind === 'consumer' ? consumerText(to.key) : to.kind;

const iso = (time: number): string => new Date(time).toISOString();

/** Digits after the point of a quantity. */
const QUANTITY_DECIMALS = 9;

/** A quotient as decimal text, rounded half to even where it does not end. */
export const quantityText = ({ part, over }: Fraction): string =>
  amountText(
    trimmedAmount({
      digits: divideHalfEven(part * 10n ** BigInt(QUANTITY_DECIMALS), over),
      scale: QUANTITY_DECIMALS,
    }),
  );
