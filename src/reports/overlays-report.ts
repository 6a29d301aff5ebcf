import type { Contract, ContractTerm, TermOf } from '../domain/contract.ts';
import { asMoney, type Fraction, times } from '../domain/fraction.ts';
import { direction } from '../domain/meters.ts';
import { decimalText, type Decimal, type Money, money } from '../domain/money.ts';
import { hourlyCost, type HardwarePool, type Serving } from '../domain/own-hardware.ts';
import type { Overlays } from '../domain/overlays.ts';
import { counted, grouped } from '../domain/words.ts';
import type { Answer, Cell, Column, Table } from './answer.ts';

/** What lies over list prices at an instant: negotiated terms, and what own machines cost by the hour. */
export function overlaysReport({ contracts, servings }: Overlays, now: number): Answer {
  const terms = contracts.flatMap((contract) =>
    contract.terms.map((term): TermOf => ({ contract, term })),
  );
  const pools = [...new Set(servings.map(({ pool }) => pool))];
  return {
    schema: 'aicost.rates-overlays/1',
    headline: `${counted(contracts.length, 'contract')} and ${counted(pools.length, 'hardware pool')} over the list prices`,
    facts: { at: new Date(now).toISOString(), currency: 'USD' },
    tables: [
      {
        name: 'contracts',
        title: 'Contracts',
        columns: CONTRACT_COLUMNS,
        rows: contracts.map(contractRow),
        empty: 'None. Put one into contracts/ beside your own cards.',
      },
      {
        name: 'terms',
        title: 'Their terms; of those that cover a meter the first wins',
        columns: TERM_COLUMNS,
        rows: terms.map(termRow),
        empty: 'None.',
      },
      hardwareTable(pools, now),
      {
        name: 'serves',
        title: 'Models that run on them',
        columns: [
          { key: 'model', title: 'Model', yields: 0 },
          { key: 'pool', title: 'Pool', yields: 0 },
          { key: 'accelerators', title: 'Accelerators', yields: 1 },
          { key: 'cost_per_hour_usd', title: '$/hour', yields: 0 },
        ],
        rows: servings.map((serving) => servingRow(serving, now)),
        empty: 'None.',
      },
    ],
    notes: [],
  };
}

const CONTRACT_COLUMNS: readonly Column[] = [
  { key: 'contract', title: 'Contract', yields: 0, wraps: true },
  { key: 'providers', title: 'Providers', yields: 0, wraps: true },
  { key: 'accounts', title: 'Accounts', yields: 0, wraps: true },
  { key: 'from', title: 'From', yields: 8 },
  { key: 'until', title: 'Until', yields: 7 },
];
const TERM_COLUMNS: readonly Column[] = [
  { key: 'contract', title: 'Contract', yields: 0, only: 'programs' },
  { key: 'term', title: 'Term', yields: 0 },
  { key: 'models', title: 'For', yields: 0 },
  { key: 'what', title: 'What', yields: 0, wraps: true },
];

const text = (value: string): Cell => ({ kind: 'text', value });
const day = (time: number): Cell =>
  Number.isFinite(time)
    ? text(new Date(time).toISOString().replace('T00:00:00.000Z', ''))
    : { kind: 'absent', label: '' };

const listed = (names: readonly string[]): Cell => text(names.join(', ') || 'all');

const contractRow = ({ name, providers, accounts, from, until }: Contract): readonly Cell[] => [
  text(name),
  listed(providers),
  listed(accounts),
  day(from),
  day(until),
];

const termRow = ({ contract, term }: TermOf): readonly Cell[] => [
  text(contract.name),
  text(term.id),
  listed([...(term.kind === 'provisioned' ? term.deployments : []), ...term.models]),
  text(whatOf(term)),
];

function whatOf(term: ContractTerm): string {
  switch (term.kind) {
    case 'price': {
      const fixed =
        term.fixed.size > 0
          ? `fixed ${[...new Set([...term.fixed.keys()].map(direction))].join(', ')}`
          : undefined;
      const off = term.factor === undefined ? undefined : `${percentOff(term.factor)} % off`;
      return [fixed, off].filter((part) => part !== undefined).join('; ');
    }
    case 'volume':
      return `${term.scheme} by ${term.by.replace('_', ' ')} a ${term.period}: ${term.steps
        .map(({ from, factor }) => `${percentOff(factor)} % from ${volumeText(from, term.by)}`)
        .join(', ')}`;
    case 'provisioned':
      return `${counted(term.units, 'unit')} at ${dollars(term.hourlyPerUnit)} an hour${
        term.reserved === undefined
          ? ''
          : `, ${term.reserved.units} of them reserved at ${dollars(term.reserved.monthlyPerUnit)} a month`
      }`;
    case 'commit': {
      const tokens = term.tokens === undefined ? '' : ` for ${grouped(term.tokens)} tokens`;
      const rest = term.shortfall === 'billed' ? 'the rest is billed' : 'the rest is waived';
      return `${dollars(term.amount)}${tokens} a ${term.period}, ${rest}; above at ${term.above.replace('_', ' ')}`;
    }
  }
}

/** What a factor takes off, in percent: 0.88 is 12. */
const percentOff = ({ digits, scale }: Decimal): string =>
  decimalText(10n ** BigInt(scale) * 100n - digits * 100n, scale);

const volumeText = (from: bigint, by: 'list_cost' | 'tokens'): string =>
  by === 'tokens' ? `${grouped(from)} tokens` : dollars(money(from));

const dollars = (amount: Money): string => {
  const [whole = '0', cents] = decimalText(amount, 18).split('.');
  return `$${grouped(BigInt(whole))}${cents === undefined ? '' : `.${cents.padEnd(2, '0')}`}`;
};

function hardwareTable(pools: readonly HardwarePool[], now: number): Table {
  return {
    name: 'hardware',
    title: 'Own hardware by the hour',
    columns: [
      { key: 'pool', title: 'Pool', yields: 0 },
      { key: 'accelerators', title: 'Accelerators', yields: 5 },
      { key: 'capital_usd', title: 'Capital', yields: 3 },
      { key: 'support_usd', title: 'Support', yields: 4 },
      { key: 'power_usd', title: 'Power', yields: 4 },
      { key: 'hosting_usd', title: 'Hosting', yields: 4 },
      { key: 'staff_usd', title: 'Staff', yields: 6 },
      { key: 'rent_usd', title: 'Rent', yields: 6 },
      { key: 'cost_per_hour_usd', title: '$/hour', yields: 0 },
      { key: 'cost_per_accelerator_hour_usd', title: 'Each', yields: 0 },
      { key: 'cost_per_busy_accelerator_hour_usd', title: 'Each, busy', yields: 1 },
    ],
    rows: pools.map((pool) => hardwareRow(pool, now)),
    empty: 'No hardware. Put a file into infrastructure/ beside your own cards.',
  };
}

const amount = (fraction: Fraction): Cell => ({ kind: 'money', value: asMoney(fraction) });

function hardwareRow(pool: HardwarePool, now: number): readonly Cell[] {
  const hour = hourlyCost(pool, now);
  const each = times(hour.total, 1n, BigInt(pool.accelerators));
  const { utilisation } = pool;
  return [
    text(pool.name),
    { kind: 'count', value: BigInt(pool.accelerators) },
    ...[hour.capital, hour.support, hour.power, hour.hosting, hour.staff, hour.rent].map(amount),
    amount(hour.total),
    amount(each),
    utilisation === undefined
      ? { kind: 'unknown' }
      : amount(times(each, 10n ** BigInt(utilisation.scale), utilisation.digits)),
  ];
}

function servingRow({ models, pool, accelerators }: Serving, now: number): readonly Cell[] {
  const hour = hourlyCost(pool, now).total;
  return [
    text(models.join(', ')),
    text(pool.name),
    { kind: 'count', value: BigInt(accelerators) },
    amount(times(hour, BigInt(accelerators), BigInt(pool.accelerators))),
  ];
}
