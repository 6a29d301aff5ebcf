import { type Money, moneyText } from '../domain/money.ts';
import type { CardUsed, Correction, CostKind, SpendAnswer } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { Json, Note } from './answer.ts';
import { dollarsText } from './dollars-text.ts';

/** A change of money as sentences say it: `+$1.23`, `-$0.05`. */
const signedMoney = (amount: Money): string => `${amount < 0n ? '' : '+'}${dollarsText(amount)}`;

const signedCount = (count: bigint): string =>
  `${count < 0n ? '-' : '+'}${counted(count < 0n ? -count : count, 'request')}`;

/** The amount of a correction; two, where a contract makes another one of it. */
const amountText = ({ cost, contracted }: Correction): string =>
  cost === contracted
    ? signedMoney(cost)
    : `${signedMoney(cost)} at list prices, ${signedMoney(contracted)} by contract`;

/** What changes in closed months were booked as, a sentence a month. */
export const correctionNotes = (corrections: readonly Correction[]): readonly Note[] =>
  corrections.map((correction) => {
    const { month, requests } = correction;
    const what =
      requests > 0n
        ? `${counted(requests, 'late request')} of closed ${month}`
        : `changes in closed ${month} (${signedCount(requests)})`;
    return {
      code: 'correction',
      message: `${what} booked as a correction of ${amountText(correction)}`,
    };
  });

/** What a report asks of the books. */
export interface BooksOptions {
  /** The day on which it is asked, `2026-11-21`, which says how old prices are; not told when left out. */
  readonly today?: string;
  readonly cost: CostKind;
}

/** The facts of an answer that say how it stands to closed months, and which cards priced it. */
export const booksFacts = (
  { cards, books }: SpendAnswer,
  { cost }: BooksOptions,
): { readonly [key: string]: Json } => ({
  rate_cards: cards.map(({ provider, asOf, digest, closedMonth }) => ({
    provider,
    as_of: asOf,
    digest,
    ...(closedMonth === undefined ? {} : { closed_month: closedMonth }),
  })),
  closed: books.closed,
  corrections: correctionFacts(books.corrections, cost),
});

/** Corrections as programs read them, at list prices or at contracted ones. */
export const correctionFacts = (corrections: readonly Correction[], kind: CostKind): Json =>
  corrections.map(({ month, requests, cost, contracted }) => ({
    month,
    cost_usd: moneyText(kind === 'list' ? cost : contracted),
    requests: Number(requests),
  }));

/** What a reader has to know about closed months and the age of prices. */
export function booksNotes(
  answer: SpendAnswer,
  { today, cost: kind }: BooksOptions,
): readonly Note[] {
  const { corrections, shared, unfrozen } = answer.books;
  const found: Note[] = corrections
    .filter(
      ({ cost, contracted, requests }) =>
        requests !== 0n || cost !== 0n || (kind !== 'list' && contracted !== 0n),
    )
    .map((correction) => ({
      code: 'correction',
      message: `includes corrections of the closed month ${correction.month}: ${amountText(correction)} (${signedCount(correction.requests)})`,
    }));
  if (unfrozen.length > 0)
    found.push({
      code: 'closed-live',
      message: `counted from single calls, which no closing freezes: what changed in ${unfrozen.join(', ')} since it was closed stands at its own time here`,
    });
  if (kind !== 'list' && shared.length > 0)
    found.push({
      code: 'closed-shares',
      message: `closing fixes list cost and contracted prices; the part of ${shared.join(', ')} in capacity, volume discounts and commitments still follows all usage`,
    });
  return [...found, ...cardNotes(answer.cards, today)];
}

/** The day that the newest of the cards used was checked; `undefined` when none priced anything. */
export const newestCheck = (cards: readonly CardUsed[]): string | undefined =>
  cards
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1);

const STALE_DAYS = 45;
const DAY_MS = 86_400_000;

function cardNotes(cards: readonly CardUsed[], today: string | undefined): readonly Note[] {
  const days = [...new Set(cards.map(({ asOf }) => asOf))].sort().reverse();
  const of = (day: string): string =>
    [...new Set(cards.filter(({ asOf }) => asOf === day).map(({ provider }) => provider))].join(
      ', ',
    );
  const differing =
    days.length < 2
      ? []
      : [
          {
            code: 'cards-as-of',
            message: `prices of ${days.map((day) => `${of(day)} as of ${day}`).join('; ')}`,
          },
        ];
  // What a closing fixed does not age.
  const stale = cards.filter(
    ({ asOf, closedMonth }) =>
      closedMonth === undefined &&
      today !== undefined &&
      Date.parse(today) - Date.parse(asOf) > STALE_DAYS * DAY_MS,
  );
  return [
    ...differing,
    ...stale.map(({ provider, asOf }) => ({
      code: 'stale-card',
      message: `prices of ${provider} were last checked on ${asOf}, more than ${STALE_DAYS} days ago; a newer card may say otherwise`,
    })),
  ];
}
