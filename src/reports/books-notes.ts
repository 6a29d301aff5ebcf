import { divideHalfEven, type Money, money, moneyText } from '../domain/money.ts';
import type { CardUsed, Correction, CostKind, SpendAnswer } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { Json, Note } from './answer.ts';

const MICRODOLLAR = 10n ** 12n;

/** A change of money as sentences say it: `+$1.23`, `-$0.05`; to a millionth of a dollar, or exact below that. */
export function signedMoney(amount: Money): string {
  const rounded = money(divideHalfEven(amount, MICRODOLLAR) * MICRODOLLAR);
  const shown = rounded === 0n ? amount : rounded;
  const text = moneyText(money(shown < 0n ? 0n - shown : shown));
  const cents = text.includes('.') ? text.padEnd(text.indexOf('.') + 3, '0') : `${text}.00`;
  return `${shown < 0n ? '-' : '+'}$${cents}`;
}

const signedCount = (count: bigint): string =>
  `${count < 0n ? '-' : '+'}${counted(count < 0n ? -count : count, 'request')}`;

/** What changes in closed months were booked as, a sentence a month. */
export const correctionNotes = (corrections: readonly Correction[]): readonly Note[] =>
  corrections.map(({ month, requests, cost }) => ({
    code: 'correction',
    message:
      requests > 0n
        ? `${counted(requests, 'late request')} of closed ${month} booked as a correction of ${signedMoney(cost)}`
        : `changes in closed ${month} booked as a correction of ${signedMoney(cost)} (${signedCount(requests)})`,
  }));

/** The facts of an answer that say how it stands to closed months, and which cards priced it. */
export const booksFacts = ({ cards, books }: SpendAnswer): { readonly [key: string]: Json } => ({
  rate_cards: cards.map(({ provider, asOf, digest, closedMonth }) => ({
    provider,
    as_of: asOf,
    digest,
    ...(closedMonth === undefined ? {} : { closed_month: closedMonth }),
  })),
  closed: books.closed,
  corrections: correctionFacts(books.corrections),
});

/** Corrections as programs read them; their cost is list cost. */
export const correctionFacts = (corrections: readonly Correction[]): Json =>
  corrections.map(({ month, requests, cost }) => ({
    month,
    cost_usd: moneyText(cost),
    requests: Number(requests),
  }));

/** What a reader has to know about closed months and the age of prices. `today` is a day, `2026-11-21`. */
export function booksNotes(
  answer: SpendAnswer,
  { today, cost = 'list' }: { readonly today?: string; readonly cost?: CostKind },
): readonly Note[] {
  const { corrections, shared, unfrozen } = answer.books;
  const atList = cost === 'list' ? '' : ' at list prices';
  const corrected = corrections
    .filter(({ cost: booked, requests }) => booked !== 0n || requests !== 0n)
    .map(({ month, cost: booked, requests }) => ({
      code: 'correction',
      message: `includes corrections of the closed month ${month}: ${signedMoney(booked)}${atList} (${signedCount(requests)})`,
    }));
  const live =
    unfrozen.length === 0
      ? []
      : [
          {
            code: 'closed-live',
            message: `counted from single calls, which no closing freezes: what changed in ${unfrozen.join(', ')} since it was closed stands at its own time here`,
          },
        ];
  const following =
    cost === 'list' || shared.length === 0
      ? []
      : [
          {
            code: 'closed-shares',
            message: `closing fixes list cost and contracted prices; the part of ${shared.join(', ')} in capacity, volume discounts and commitments still follows all usage`,
          },
        ];
  return [...corrected, ...live, ...following, ...cardNotes(answer.cards, today)];
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
