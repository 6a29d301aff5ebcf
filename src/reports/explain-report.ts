import { grouped } from '../domain/words.ts';
import { charge } from '../domain/charge.ts';
import { meterName, totalsOf } from '../domain/meters.ts';
import { decimalText, exactDollars, type Money, moneyText } from '../domain/money.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import { attributedRecord, costOf, type RatedEvent } from './event-record.ts';
import { type GivenTags, givenTexts } from './given-tags.ts';

/** How an event's price was found, for people who have to trust it. */
export interface Provenance {
  /** `rates/openai.yaml:120`. */
  readonly card: string;
  /** The card as it was when it priced the event; `undefined` when the ledger does not know it. */
  readonly identity: { readonly asOf: string; readonly digest: string } | undefined;
  readonly status: string;
  readonly steps: readonly string[];
  /** Where the price was read, by the card's name for it. */
  readonly sources: readonly { readonly name: string; readonly text: string }[];
}

/** What contracts and own hardware make of an event's cost. */
export interface NegotiatedCosts {
  readonly terms: readonly string[];
  /** The pool of money and its period, the commitment and its. */
  readonly pool: string | undefined;
  readonly commit: string | undefined;
  readonly contracted: Money | undefined;
  readonly effective: Money | undefined;
}

/** One event down to quantities, prices, the rows they come from, and the line it was read from. */
export function explainReport(
  stored: RatedEvent,
  provenance: Provenance | undefined,
  negotiated?: NegotiatedCosts,
  given: GivenTags = new Map(),
): Answer {
  const { event, rate } = stored;
  const charged =
    rate.kind === 'rated'
      ? charge(totalsOf(event.usage), rate.prices, BigInt(event.requests))
      : undefined;
  const total = costOf(stored);
  const lines =
    charged?.lines ?? charge(totalsOf(event.usage), new Map(), BigInt(event.requests)).lines;
  const table: Table = {
    name: 'lines',
    title: 'Cost',
    columns: [
      { key: 'meter', title: 'Meter', yields: 0 },
      { key: 'quantity', title: 'Quantity', yields: 0 },
      { key: 'unit_price_usd_per_million', title: '$ per million', yields: 0 },
      { key: 'cost_usd', title: 'Cost', yields: 0 },
    ],
    rows: lines.map(({ meter, quantity, price, cost }): readonly Cell[] => [
      { kind: 'text', value: meterName(meter) },
      { kind: 'count', value: quantity },
      price === undefined ? { kind: 'unknown' } : { kind: 'text', value: priceText(price) },
      cost === undefined ? { kind: 'unknown' } : { kind: 'exact-money', value: cost },
    ]),
    totals: [
      { kind: 'text', value: 'Total' },
      { kind: 'text', value: '' },
      { kind: 'text', value: '' },
      total === undefined ? { kind: 'unknown' } : { kind: 'exact-money', value: total },
    ],
    empty: 'No usage.',
  };
  return {
    schema: 'aicost.explain/1',
    headline: `${stored.key}: ${event.provider}/${event.model}, ${event.time === undefined ? 'no time' : new Date(event.time).toISOString()}`,
    facts: {
      event: attributedRecord(stored, given),
      provenance: provenanceJson(provenance),
      ...(negotiated === undefined ? {} : { negotiated: negotiatedJson(negotiated) }),
    },
    tables: [factsTable(stored, provenance, negotiated, given), table],
    notes: notes(stored),
  };
}

/** A price per million as people write it: at least two decimals. */
export function priceText(price: UnitPrice): string {
  const text = perMillion(price);
  if (text.includes(' ') || /\.\d{2}/.test(text)) return text;
  return text.includes('.') ? `${text}0` : `${text}.00`;
}

/** A price per million units as exact decimal text. */
export const perMillion = ({ amount, per }: UnitPrice): string =>
  per === 1 ? decimalText(amount, 12) : `${decimalText(amount, 18)} per ${grouped(per)}`;

const provenanceJson = (provenance: Provenance | undefined): Json =>
  provenance === undefined
    ? null
    : {
        card: provenance.card,
        as_of: provenance.identity?.asOf ?? null,
        digest: provenance.identity?.digest ?? null,
        status: provenance.status,
        steps: provenance.steps,
        sources: provenance.sources.map(({ name, text }) => ({ name, text })),
      };

const negotiatedJson = ({ terms, pool, commit, contracted, effective }: NegotiatedCosts): Json => ({
  terms,
  pool: pool ?? null,
  commitment: commit ?? null,
  contracted_cost_usd: contracted === undefined ? null : moneyText(contracted),
  effective_cost_usd: effective === undefined ? null : moneyText(effective),
});

const negotiatedFacts = (costs: NegotiatedCosts | undefined): [string, string | undefined][] =>
  costs === undefined
    ? []
    : [
        ['terms', costs.terms.join('; ') || undefined],
        ['shares', costs.pool],
        ['draws on', costs.commit],
        ['contracted cost', costs.contracted === undefined ? '—' : exactDollars(costs.contracted)],
        ['effective cost', costs.effective === undefined ? '—' : exactDollars(costs.effective)],
      ];

function factsTable(
  stored: RatedEvent,
  provenance: Provenance | undefined,
  negotiated: NegotiatedCosts | undefined,
  given: GivenTags,
): Table {
  const { event, rate } = stored;
  const facts: [string, string | undefined][] = [
    ['read from', `${stored.file ?? 'standard input'}:${stored.line} (${stored.format})`],
    [
      'status',
      event.errorCode === undefined ? event.status : `${event.status} (${event.errorCode})`,
    ],
    ['service tier', event.serviceTier],
    ['region', event.region ?? event.inferenceGeo],
    ['requests', event.requests === 1 ? undefined : String(event.requests)],
    ['latency', event.latencyMs === undefined ? undefined : `${event.latencyMs} ms`],
    ['retries', event.retryCount === undefined ? undefined : String(event.retryCount)],
    ['counts', event.countSource],
    [
      'tags',
      Object.entries(event.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ') || '(untagged)',
    ],
    ...givenTexts(given).map((text): [string, string] => ['by rules', text]),
    ['labels', event.labels?.join(', ') || undefined],
    [
      'reported cost',
      event.reportedCost === undefined ? undefined : exactDollars(event.reportedCost),
    ],
    [
      'priced as',
      rate.kind === 'rated'
        ? `${rate.model}, prices from ${rate.from}`
        : rate.kind === 'unrated'
          ? `not priced: ${rate.message}`
          : event.status === 'success'
            ? 'not charged: the source says so'
            : `not charged: ${event.status} without usage`,
    ],
    ...provenanceFacts(provenance),
    ...negotiatedFacts(negotiated),
  ];
  return {
    name: 'about',
    columns: [
      { key: 'fact', title: 'Event', yields: 0 },
      { key: 'value', title: stored.key, yields: 0, wraps: true },
    ],
    rows: facts.flatMap(([fact, value]): (readonly Cell[])[] =>
      value === undefined
        ? []
        : [
            [
              { kind: 'text', value: fact },
              { kind: 'text', value },
            ],
          ],
    ),
  };
}

/** The card and its rows; nothing for an event without a price. */
function provenanceFacts(provenance: Provenance | undefined): [string, string | undefined][] {
  if (provenance === undefined) return [];
  const { card, status, identity, steps, sources } = provenance;
  return [
    ['card row', `${card} (${status})`],
    [
      'card',
      identity === undefined ? undefined : `as of ${identity.asOf}, digest ${identity.digest}`,
    ],
    ['rules', steps.length === 0 ? undefined : steps.join('; ')],
    ...sources.map(({ name, text }): [string, string] => [`source ${name}`, text]),
  ];
}

function notes({ event, rate }: RatedEvent): readonly Note[] {
  const found: Note[] = [];
  if (rate.kind === 'unrated') found.push({ code: rate.code, message: rate.message });
  if (event.countSource === 'aggregated')
    found.push({
      code: 'aggregated',
      message: 'a sum over many calls: no context tier can be proved from it',
    });
  return found;
}
