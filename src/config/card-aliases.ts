import type { Alias } from '../domain/rate-card.ts';
import { utcText } from '../domain/utc-time.ts';
import type { Origin } from '../errors.ts';
import type { ModelContext, NameClaim } from './card-context.ts';
import { dateAt } from './card-values.ts';
import type { Located } from './yaml-tree.ts';

/** Decodes `aliases:`, each a name, or `{name, from, until}` for one that meant the model for a time only. */
export function aliasesOf(
  value: Located | undefined,
  model: string,
  context: ModelContext,
): readonly Alias[] {
  const path = `models.${model}.aliases`;
  const items = value?.kind === 'scalar' ? [value] : context.read.list(value, path);
  return items.flatMap((item): Alias[] => {
    const alias = aliasOf(item, path, context);
    if (alias === undefined) return [];
    claimName({ ...alias, model }, item.origin, context);
    return [alias];
  });
}

function aliasOf(item: Located, path: string, { read }: ModelContext): Alias | undefined {
  if (item.kind !== 'map') {
    const name = read.text(item, path);
    return name === undefined ? undefined : { name };
  }
  const fields = read.map(item, path, ['name', 'from', 'until']);
  const name = read.text(fields.get('name')?.value, `${path}.name`);
  if (!fields.has('name')) read.error(item.origin, `${path}: missing key "name"`);
  const from = dateAt(read, fields.get('from')?.value, `${path}.from`);
  const until = dateAt(read, fields.get('until')?.value, `${path}.until`);
  if (from !== undefined && until !== undefined && until.time <= from.time)
    read.error(item.origin, `${path}: until ${until.text} is not after from`);
  if (name === undefined) return undefined;
  return {
    name,
    ...(from === undefined ? {} : { from: from.time }),
    ...(until === undefined ? {} : { until: until.time }),
  };
}

/** Notes that a model goes by a name, and reports when another one, or itself, does so at the same time. */
export function claimName(claim: NameClaim, origin: Origin, { read, claims }: ModelContext): void {
  const key = claim.name.toLowerCase();
  const others = claims.get(key) ?? [];
  const other = others.find((each) => begin(each) < end(claim) && begin(claim) < end(each));
  if (other !== undefined) read.error(origin, contested(claim, other));
  claims.set(key, [...others, claim]);
}

const begin = ({ from }: Alias): number => from ?? -Infinity;
const end = ({ until }: Alias): number => until ?? Infinity;

function contested(claim: NameClaim, other: NameClaim): string {
  const from = Math.max(begin(claim), begin(other));
  const until = Math.min(end(claim), end(other));
  const span = [
    ...(Number.isFinite(from) ? [` from ${utcText(from)}`] : []),
    ...(Number.isFinite(until) ? [` until ${utcText(until)}`] : []),
  ].join('');
  return `"${claim.name}" names both ${other.model} and ${claim.model}${span}; take one out, or give each a time of its own (from, until)`;
}
