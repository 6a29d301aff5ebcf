import {
  type ContextTier,
  type HoursBlock,
  ROW_STATUSES,
  type RowStatus,
  type ServiceBlock,
} from '../domain/rate-card.ts';
import type { CardContext } from './card-context.ts';
import { dateAt } from './card-values.ts';
import { PRICE_KEYS, pricesOf } from './price-keys.ts';
import type { Located } from './yaml-tree.ts';

/** Decodes `status:` of a row or a block; `undefined` where there is none or it is none of ROW_STATUSES. */
export function statusOf(
  value: Located | undefined,
  path: string,
  { read }: CardContext,
): RowStatus | undefined {
  const text = read.text(value, `${path}.status`);
  const status = ROW_STATUSES.find((each) => each === text);
  if (value !== undefined && text !== undefined && status === undefined)
    read.error(
      value.origin,
      `${path}.status: expected one of ${ROW_STATUSES.join(', ')}, found "${text}"`,
    );
  return status;
}

/** Decodes `tiers:`, prices of long prompts. */
export function tiersOf(
  value: Located | undefined,
  path: string,
  context: CardContext,
): ContextTier[] {
  const { read } = context;
  return read.list(value, `${path}.tiers`).flatMap((block): ContextTier[] => {
    const fields = read.map(block, `${path}.tiers`, ['above', 'at_least', ...PRICE_KEYS]);
    const above = read.count(fields.get('above')?.value, `${path}.tiers.above`);
    const atLeast = read.count(fields.get('at_least')?.value, `${path}.tiers.at_least`);
    if ((above === undefined) === (atLeast === undefined)) {
      read.error(
        block.origin,
        `${path}.tiers: needs one of above (boundary excluded) and at_least (included)`,
      );
      return [];
    }
    const prices = pricesOf(fields, `${path}.tiers`, context);
    if (prices.size === 0) read.error(block.origin, `${path}.tiers: lists no price`);
    return [
      { bound: above === undefined ? 'at_least' : 'above', tokens: above ?? atLeast ?? 0, prices },
    ];
  });
}

/** Decodes `service:`, published prices by service tier. */
export function serviceOf(
  value: Located | undefined,
  path: string,
  context: CardContext,
): Map<string, ServiceBlock> {
  const { read, serviceTiers } = context;
  const blocks = new Map<string, ServiceBlock>();
  for (const { key, keyOrigin, value: block } of read.map(value, `${path}.service`).values()) {
    const here = `${path}.service.${key}`;
    if (!serviceTiers.has(key))
      read.error(keyOrigin, `${here}: service tier "${key}" is not declared in this card`);
    const fields = read.map(block, here, ['tiers', 'until', ...PRICE_KEYS]);
    const until = dateAt(read, fields.get('until')?.value, `${here}.until`);
    blocks.set(key, {
      prices: pricesOf(fields, here, context),
      tiers: tiersOf(fields.get('tiers')?.value, here, context),
      ...(until === undefined ? {} : { until: until.time }),
    });
  }
  return blocks;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Decodes one block of `hours:`; none when it is unusable. */
export function hoursOf(block: Located, path: string, context: CardContext): HoursBlock[] {
  const { read, calendars } = context;
  const here = `${path}.hours`;
  const fields = read.map(block, here, ['utc', 'days', 'except', ...PRICE_KEYS]);
  const windows = read.list(fields.get('utc')?.value, `${here}.utc`).flatMap((item) => {
    const text = read.text(item, `${here}.utc`) ?? '';
    const match = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
    if (match === null) {
      read.error(item.origin, `${here}.utc: expected a window like "01:00-04:00", found "${text}"`);
      return [];
    }
    const [, h1 = '0', m1 = '0', h2 = '24', m2 = '0'] = match;
    return [{ start: Number(h1) * 60 + Number(m1), end: Number(h2) * 60 + Number(m2) }];
  });
  const days = read
    .texts(fields.get('days')?.value, `${here}.days`)
    .map((day) => DAYS.indexOf(day.toLowerCase()));
  if (days.includes(-1))
    read.error(block.origin, `${here}.days: expected some of ${DAYS.join(', ')}`);
  const calendar = read.text(fields.get('except')?.value, `${here}.except`);
  if (calendar !== undefined && !calendars.has(calendar))
    read.error(block.origin, `${here}.except: calendar "${calendar}" is not declared in this card`);
  const prices = pricesOf(fields, here, context);
  if (prices.size === 0) read.error(block.origin, `${here}: lists no price`);
  return [
    {
      // Days alone mean all of their hours.
      windows: windows.length === 0 ? [{ start: 0, end: 24 * 60 }] : windows,
      days: days.filter((day) => day >= 0),
      except: calendars.get(calendar ?? '') ?? new Set<string>(),
      prices,
    },
  ];
}
