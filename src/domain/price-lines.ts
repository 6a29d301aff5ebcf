import { grouped } from './words.ts';
import type { Meter } from './meters.ts';
import type { ContextTier, HoursBlock, PriceRow, Prices, RegionBlock } from './rate-card.ts';
import type { UnitPrice } from './unit-price.ts';

/** One price that a row lists. */
export interface PriceLine {
  /** Which calls pay it: `every call`, `prompt > 200,000`, `batch`, `01:00-04:00 UTC mon-fri`, `in eu-west-1, batch`. */
  readonly applies: string;
  readonly meter: Meter;
  readonly price: UnitPrice;
  /** The block of single regions that lists it, which may have a status and sources of its own. */
  readonly region?: RegionBlock;
}

/** What the prices outside tiers, services and hours apply to. */
export const EVERY_CALL = 'every call';

/** Every price of a row in the order of the card: plain ones, tiers, service tiers, hours, regions. */
export function* priceLines(row: PriceRow): Generator<PriceLine> {
  yield* linesOf(EVERY_CALL, row.prices);
  yield* blockLines(row);
  for (const hours of row.hours) yield* linesOf(hoursText(hours), hours.prices);
  for (const region of row.regions) {
    const where = `in ${region.regions.join(', ')}`;
    for (const line of linesOf(where, region.prices)) yield { ...line, region };
    for (const line of blockLines(region))
      yield { ...line, applies: `${where}, ${line.applies}`, region };
  }
}

/** What tiers and service tiers list. */
function* blockLines({
  tiers,
  service,
}: Pick<PriceRow, 'tiers' | 'service'>): Generator<PriceLine> {
  for (const tier of tiers) yield* linesOf(tierText(tier), tier.prices);
  for (const [name, block] of service) {
    yield* linesOf(name, block.prices);
    for (const tier of block.tiers) yield* linesOf(`${name}, ${tierText(tier)}`, tier.prices);
  }
}

function* linesOf(applies: string, prices: Prices): Generator<PriceLine> {
  for (const [meter, price] of prices) yield { applies, meter, price };
}

/** A context tier in a few characters: `prompt > 200,000`. */
export const tierText = ({ bound, tokens }: Pick<ContextTier, 'bound' | 'tokens'>): string =>
  `prompt ${bound === 'above' ? '>' : '>='} ${grouped(tokens)}`;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function hoursText({ windows, days, except }: HoursBlock): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const spans = windows.map(({ start, end }) => `${clock(start)}-${clock(end)}`).join(', ');
  const [first, last] = [days[0], days.at(-1)];
  const inARow = days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1);
  const named =
    days.length > 2 && inARow
      ? `${DAYS[first ?? 0]}-${DAYS[last ?? 0]}`
      : days.map((day) => DAYS[day] ?? '').join(' ');
  return [`${spans} UTC`, named, except.size === 0 ? '' : 'except holidays']
    .filter((part) => part !== '')
    .join(' ');
}
