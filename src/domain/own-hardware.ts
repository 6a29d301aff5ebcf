import { addMonths } from './calendar-months.ts';
import { type Fraction, NOTHING, plus, times, timesDecimal } from './fraction.ts';
import type { Decimal, Money } from './money.ts';
import type { Weights } from './pool.ts';
import type { Span } from './spend.ts';

/** Hours that yearly and monthly prices of running hardware are spread over: 365 days, and a twelfth of them. */
const HOURS_A_YEAR = 8760n;
const HOURS_A_MONTH = 730n;
const HOUR_MS = 3_600_000n;

/** Machines that one owns or rents by the hour. Absent parts cost nothing. */
export interface HardwarePool {
  readonly name: string;
  readonly accelerators: number;
  /** Rented: the price of one accelerator for an hour. */
  readonly hourlyPerAccelerator?: Money;
  /** Bought: written off evenly, down to what it is worth at the end. */
  readonly bought?: {
    readonly price: Money;
    readonly residualValue: Money;
    readonly months: number;
  };
  /** First instant in service, milliseconds UTC; before it the pool costs nothing. */
  readonly inService?: number;
  /** Support contract, percent of the purchase price a year. */
  readonly supportPercent?: Decimal;
  readonly power?: {
    readonly kilowatts: Decimal;
    readonly overhead: Decimal;
    readonly kilowattHour: Money;
  };
  readonly hostingPerMonth?: Money;
  readonly staffPerMonth?: Money;
  /** Share of clock hours that did billable work, as somebody measured it. */
  readonly utilisation?: Decimal;
  readonly file: string;
  readonly line: number;
}

/** A model that runs on a pool, and how the pool's hours are shared out over its usage. */
export interface Serving {
  /** How answers and pools of money call it; no two servings are called alike. */
  readonly name: string;
  /** Only calls of this provider; any provider without a price of its own when absent. */
  readonly provider?: string;
  /** Names or globs. */
  readonly models: readonly string[];
  readonly pool: HardwarePool;
  readonly accelerators: number;
  readonly span: Span;
  readonly weights: Weights;
}

/** The parts of an hour's cost of a whole pool, attodollars. */
export interface HourlyCost {
  readonly capital: Fraction;
  readonly support: Fraction;
  readonly power: Fraction;
  readonly hosting: Fraction;
  readonly staff: Fraction;
  readonly rent: Fraction;
  readonly total: Fraction;
}

const of = (amount: bigint): Fraction => ({ part: amount, over: 1n });

/** What an hour of a pool costs at an instant. Depreciation ends with its last month; the rest goes on. */
export function hourlyCost(pool: HardwarePool, time: number): HourlyCost {
  const { bought, power, accelerators } = pool;
  const running = pool.inService === undefined || time >= pool.inService;
  const written = bought !== undefined && time >= depreciationEnd(pool);
  const none = !running;
  const capital =
    none || bought === undefined || written
      ? NOTHING
      : {
          part: bought.price - bought.residualValue,
          over: BigInt(bought.months) * HOURS_A_MONTH,
        };
  const support =
    none || bought === undefined || pool.supportPercent === undefined
      ? NOTHING
      : times(timesDecimal(of(bought.price), pool.supportPercent), 1n, 100n * HOURS_A_YEAR);
  const electricity =
    none || power === undefined
      ? NOTHING
      : timesDecimal(timesDecimal(of(power.kilowattHour), power.kilowatts), power.overhead);
  const monthly = (amount: Money | undefined): Fraction =>
    none || amount === undefined ? NOTHING : { part: amount, over: HOURS_A_MONTH };
  const rent =
    none || pool.hourlyPerAccelerator === undefined
      ? NOTHING
      : of(pool.hourlyPerAccelerator * BigInt(accelerators));
  const parts = {
    capital,
    support,
    power: electricity,
    hosting: monthly(pool.hostingPerMonth),
    staff: monthly(pool.staffPerMonth),
    rent,
  };
  return { ...parts, total: Object.values(parts).reduce(plus, NOTHING) };
}

/** When a bought pool is written off. */
const depreciationEnd = ({ bought, inService }: HardwarePool): number =>
  bought === undefined || inService === undefined
    ? Number.POSITIVE_INFINITY
    : addMonths(inService, bought.months);

/** What the accelerators of a serving cost over a span: all clock hours, busy or idle. */
export function accruedOver(
  { pool, accelerators }: Pick<Serving, 'pool' | 'accelerators'>,
  { start, end }: Required<Span>,
): Fraction {
  const edges = [pool.inService ?? start, depreciationEnd(pool)]
    .filter((edge) => edge > start && edge < end)
    .sort((a, b) => a - b);
  let total = NOTHING;
  let from = start;
  for (const until of [...edges, end]) {
    const hour = times(
      hourlyCost(pool, from).total,
      BigInt(accelerators),
      BigInt(pool.accelerators),
    );
    total = plus(total, times(hour, BigInt(Math.max(0, until - from)), HOUR_MS));
    from = until;
  }
  return total;
}
