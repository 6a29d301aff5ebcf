import { type BillLine, trimmedAmount } from '../domain/bill.ts';
import {
  billCoverage,
  type BillCoverage,
  type BilledTags,
  type BillTagOf,
  type Charged,
  inOneScale,
  isCharge,
  judgeLine,
  NO_LINES,
  withLine,
} from '../domain/bill-coverage.ts';
import { spanText } from '../domain/period.ts';
import { providerName } from '../domain/provider-names.ts';
import { requiredKeys, type TagPolicy } from '../domain/required-tags.ts';
import type { Span } from '../domain/spend.ts';
import { cutShareText, shareText } from '../domain/share-text.ts';
import { counted } from '../domain/words.ts';
import type { Answer, Cell, Note, Table } from './answer.ts';
import { countCell, textCell } from './audit-section.ts';
import type { PlacedBillLine } from './bills-report.ts';

/** What an audit of bills is held against. */
export interface BillAudit {
  readonly span: Span;
  readonly timeZone: string;
  readonly policy: TagPolicy;
  readonly tagOf: BillTagOf;
  /** Who answers for a line; `undefined` where no rule says. */
  readonly ownerOf: (line: BillLine) => string | undefined;
  /** Providers that the ledger has calls of in the audited span, under the names that providerName gives them. */
  readonly calledProviders: ReadonlySet<string>;
}

/** The answer, and coverage by currency for whoever has to judge it. */
export interface BillAuditResult {
  readonly answer: Answer;
  readonly currencies: ReadonlyMap<string, BilledTags>;
}

/** Services that are shown of a table; the others are counted. */
const MOST_SERVICES = 10;

const amount = ({ billed }: Charged): Cell => ({ kind: 'amount', value: trimmedAmount(billed) });

const share = (part: Charged, whole: Charged): Cell => {
  const [partly, wholly] = inOneScale(part.billed, whole.billed);
  return { kind: 'share', part: partly, whole: wholly };
};

/** Coverage of AI charges on bills by required tags, the worst services, and providers that no call shows. */
export function billAudit(lines: Iterable<PlacedBillLine>, audit: BillAudit): BillAuditResult {
  const all = [...lines].filter(({ line }) => line.ai.kept);
  const charges = all.filter(({ line }) => isCharge(line));
  const currencies = billCoverage(
    charges.map(({ line }) => line),
    audit.policy,
    audit.tagOf,
  );
  const left = all.length - charges.length;
  const notes: readonly Note[] =
    left === 0
      ? []
      : [
          {
            code: 'not-charges',
            message: `${counted(left, 'line')} left out: credits, refunds, taxes and adjustments have no tags of their own`,
          },
        ];
  return {
    currencies,
    answer: {
      schema: 'aicost.audit-bills/1',
      headline: headline(currencies, audit),
      facts: {
        period: {
          start: isoOf(audit.span.start),
          end: isoOf(audit.span.end),
          timezone: audit.timeZone,
        },
        required: requiredKeys(audit.policy),
      },
      tables: [
        coverageTable(currencies),
        sourcesTable(charges, audit),
        unseenTable(charges, audit),
      ],
      notes,
    },
  };
}

const isoOf = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();

function headline(
  currencies: ReadonlyMap<string, BilledTags>,
  { span, timeZone, policy }: BillAudit,
): string {
  const shares = [...currencies].map(([currency, { together }]) => {
    const [missing, whole] = inOneScale(together.missing.billed, together.all.billed);
    return `${shareText(whole - missing, whole) ?? 'an unknown part'} of ${currency}`;
  });
  return `Tags of AI on bills, ${spanText(span, timeZone)} (${timeZone}): ${
    shares.join(', ') || 'nothing'
  } carries ${requiredKeys(policy).join(', ')}`;
}

function coverageTable(currencies: ReadonlyMap<string, BilledTags>): Table {
  const row = (currency: string, tag: string, { all, missing }: BillCoverage): readonly Cell[] => {
    const [lacking, whole] = inOneScale(missing.billed, all.billed);
    return [
      textCell(currency),
      textCell(tag),
      countCell(all.lines),
      countCell(missing.lines),
      { kind: 'share', part: all.lines - missing.lines, whole: all.lines },
      amount(all),
      amount(missing),
      { kind: 'share', part: whole - lacking, whole },
    ];
  };
  return {
    name: 'coverage',
    title: 'Coverage of required tags',
    columns: [
      { key: 'currency', title: 'Currency', yields: 2 },
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'lines', title: 'Lines', yields: 5 },
      { key: 'missing_lines', title: 'Missing', yields: 4 },
      { key: 'by_count', title: 'By count', yields: 0 },
      { key: 'billed', title: 'Billed', yields: 3 },
      { key: 'missing_billed', title: 'Missing', yields: 1 },
      { key: 'by_spend', title: 'By spend', yields: 0 },
    ],
    rows: [...currencies].flatMap(([currency, { keys, together }]) => [
      ...[...keys].map(([key, coverage]) => row(currency, key, coverage)),
      ...(keys.size === 1 ? [] : [row(currency, 'all together', together)]),
    ]),
    empty: 'No line of a bill for AI in this span.',
  };
}

/** Lines of one service on one account, in one currency. */
interface Service {
  readonly line: BillLine;
  readonly charged: Charged;
}

/** Lines by who bills whom for what: by currency, whose amounts have no order among each other, dearest first. */
function servicesOf(charges: readonly PlacedBillLine[]): readonly Service[] {
  const groups = Map.groupBy(charges, ({ line }) =>
    JSON.stringify([line.currency, line.provider, line.account, nameOf(line)]),
  );
  const found = [...groups.values()].flatMap((group) => {
    const [first] = group;
    const charged = group.reduce((sum, { line }) => withLine(sum, line), NO_LINES);
    return first === undefined ? [] : [{ line: first.line, charged }];
  });
  return found.toSorted((a, b) => {
    if (a.line.currency !== b.line.currency) return a.line.currency < b.line.currency ? 1 : -1;
    const [one, other] = inOneScale(a.charged.billed, b.charged.billed);
    return one === other ? 0 : one > other ? -1 : 1;
  });
}

const nameOf = ({ service, description }: BillLine): string => service ?? description ?? '';

/** The first of them, and how many more there are, for a title. */
const firstOf = (services: readonly Service[], title: string): [readonly Service[], string] => {
  const more = services.length - MOST_SERVICES;
  return more <= 0
    ? [services, title]
    : [services.slice(0, MOST_SERVICES), `${title} (${counted(more, 'more service')})`];
};

/** Charges that lack a tag, by whom and for what they were billed. */
function sourcesTable(charges: readonly PlacedBillLine[], audit: BillAudit): Table {
  const lacking = charges.filter(
    ({ line }) => judgeLine(line, audit.policy, audit.tagOf).missing.length > 0,
  );
  const [shown, title] = firstOf(
    servicesOf(lacking),
    'Where charges without required tags come from',
  );
  const wholes = new Map<string, Charged>();
  for (const { line } of charges)
    wholes.set(line.currency, withLine(wholes.get(line.currency) ?? NO_LINES, line));
  return {
    name: 'sources',
    title,
    columns: [
      { key: 'provider', title: 'Provider', yields: 1 },
      { key: 'account', title: 'Account', yields: 3 },
      { key: 'service', title: 'Service', yields: 0 },
      { key: 'lines', title: 'Lines', yields: 4 },
      { key: 'currency', title: 'Currency', yields: 5 },
      { key: 'billed', title: 'Billed', yields: 0 },
      { key: 'of_all', title: 'Of all', yields: 2 },
    ],
    rows: shown.map(({ line, charged }) => [
      textCell(line.provider),
      textCell(line.account ?? ''),
      textCell(nameOf(line)),
      countCell(charged.lines),
      textCell(line.currency),
      amount(charged),
      share(charged, wholes.get(line.currency) ?? NO_LINES),
    ]),
    empty: 'Every charge carries its required tags.',
  };
}

/** Providers that bill for AI and of which the ledger has no call: subscriptions, or use that nobody told of. */
function unseenTable(charges: readonly PlacedBillLine[], audit: BillAudit): Table {
  const unseen = charges.filter(
    ({ line }) => !audit.calledProviders.has(providerName(line.provider)),
  );
  const [shown, title] = firstOf(servicesOf(unseen), 'Billed, without a call in the ledger');
  return {
    name: 'unseen',
    title,
    columns: [
      { key: 'provider', title: 'Provider', yields: 0 },
      { key: 'account', title: 'Account', yields: 2 },
      { key: 'service', title: 'Service', yields: 0 },
      { key: 'currency', title: 'Currency', yields: 3 },
      { key: 'billed', title: 'Billed', yields: 0 },
      { key: 'owner', title: 'Owner', yields: 1 },
    ],
    rows: shown.map(({ line, charged }) => {
      const owner = audit.ownerOf(line);
      return [
        textCell(line.provider),
        textCell(line.account ?? ''),
        textCell(nameOf(line)),
        textCell(line.currency),
        amount(charged),
        owner === undefined ? { kind: 'absent', label: '(nobody)' } : textCell(owner),
      ];
    }),
    empty: 'Every provider that bills has calls in the ledger.',
  };
}

/** A currency that stays below a limit, in words. */
export function billsBelow(currency: string, coverage: BillCoverage, percent: string): string {
  const { all, missing } = coverage;
  const [lacking, whole] = inOneScale(missing.billed, all.billed);
  const reached = cutShareText(whole - lacking, whole) ?? 'unknown';
  return `coverage of ${currency} by spend is ${reached}, below ${percent}%: ${counted(missing.lines, 'line lacks', 'lines lack')} a required tag`;
}
