import { knownFields } from '../domain/known-fields.ts';
import type { Decimal } from '../domain/money.ts';
import type {
  CachePlan,
  LedgerPlan,
  OutputPlan,
  OutputSize,
  Turns,
  VolumePlan,
  Written,
} from '../domain/prompt-plan.ts';
import { splitFlatTag, tagKey } from '../domain/tags.ts';
import { CALLS, DAYS, MEAN_TOKENS, RATIO, TOKENS, TTL, TURNS, writtenAt } from './plan-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** Days of calls that a ledger is asked for unless the config says others. */
const LEDGER_DAYS = 30;

/** Decodes `calls_per_month`: a number, or `{ledger, fallback}`. */
export function volumeAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): VolumePlan | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== 'map') return knownFields({ calls: writtenAt(read, value, path, CALLS) });
  const fields = read.map(value, path, ['ledger', 'fallback']);
  return knownFields({
    ledger: ledgerAt(read, fields.get('ledger')?.value, `${path}.ledger`),
    calls: writtenAt(read, fields.get('fallback')?.value, `${path}.fallback`, CALLS),
  });
}

/** Decodes `output_tokens`: a number, `{mean, p95}`, or `{ledger, fallback}` with either as fallback. */
export function outputAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): OutputPlan | undefined {
  if (value === undefined) return undefined;
  const asked =
    value.kind === 'map' && (value.entries.has('ledger') || value.entries.has('fallback'));
  if (!asked) return knownFields({ size: sizeAt(read, value, path) });
  const fields = read.map(value, path, ['ledger', 'fallback']);
  return knownFields({
    ledger: ledgerAt(read, fields.get('ledger')?.value, `${path}.ledger`),
    size: sizeAt(read, fields.get('fallback')?.value, `${path}.fallback`),
  });
}

function sizeAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Written<OutputSize> | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== 'map') {
    const mean = writtenAt(read, value, path, MEAN_TOKENS);
    return mean === undefined ? undefined : { value: { mean: mean.value }, origin: mean.origin };
  }
  const fields = read.map(value, path, ['mean', 'p95']);
  const mean = writtenAt(read, fields.get('mean')?.value, `${path}.mean`, MEAN_TOKENS);
  const p95 = writtenAt(read, fields.get('p95')?.value, `${path}.p95`, TOKENS);
  if (!fields.has('mean')) read.error(value.origin, `${path}: missing key "mean"`);
  return mean === undefined
    ? undefined
    : {
        value: { mean: mean.value, ...knownFields({ p95: p95?.value }) },
        origin: value.origin,
      };
}

/** Decodes `ledger`: `30d`, `{tag, span}`, or `off`. */
function ledgerAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): LedgerPlan | 'off' | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && value.text === 'off') return 'off';
  if (value.kind !== 'map') {
    const days = writtenAt(read, value, path, DAYS);
    return days === undefined ? undefined : { days: days.value };
  }
  const fields = read.map(value, path, ['tag', 'span']);
  const days = writtenAt(read, fields.get('span')?.value, `${path}.span`, DAYS)?.value;
  const tag = writtenAt(read, fields.get('tag')?.value, `${path}.tag`, {
    parse: splitFlatTag,
    expected: 'a tag like prompt=support-reply',
  })?.value;
  return {
    days: days ?? LEDGER_DAYS,
    ...(tag === undefined ? {} : { tag: { key: tagKey(tag.key), value: tag.value } }),
  };
}

/** Decodes `turns: {mean, growth_tokens}`. */
export function turnsAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Written<Turns> | undefined {
  if (value === undefined) return undefined;
  const fields = read.map(value, path, ['mean', 'growth_tokens']);
  const mean = writtenAt(read, fields.get('mean')?.value, `${path}.mean`, TURNS);
  const growth = writtenAt(
    read,
    fields.get('growth_tokens')?.value,
    `${path}.growth_tokens`,
    TOKENS,
  );
  if (!fields.has('mean')) read.error(value.origin, `${path}: missing key "mean"`);
  return mean === undefined
    ? undefined
    : { value: { mean: mean.value, growthTokens: growth?.value ?? 0 }, origin: value.origin };
}

/** Decodes `cache: {ttl, hit_ratio}`, or `cache: off`. */
export function cacheAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): CachePlan | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && value.text === 'off') return { hitRatio: 'off' };
  const fields = read.map(value, path, ['ttl', 'hit_ratio', 'ledger']);
  return {
    hitRatio: hitRatioAt(read, fields.get('hit_ratio')?.value, `${path}.hit_ratio`),
    ...knownFields({
      ttl: writtenAt(read, fields.get('ttl')?.value, `${path}.ttl`, TTL),
      ledger: ledgerAt(read, fields.get('ledger')?.value, `${path}.ledger`),
    }),
  };
}

function hitRatioAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): 'auto' | 'off' | Written<Decimal> {
  const written = writtenAt<'auto' | 'off' | Decimal>(read, value, path, {
    parse: (text) => (text === 'auto' || text === 'off' ? text : RATIO.parse(text)),
    expected: `auto, off or ${RATIO.expected}`,
  });
  if (written === undefined) return 'auto';
  const { value: ratio, origin } = written;
  return ratio === 'auto' || ratio === 'off' ? ratio : { value: ratio, origin };
}
