import type { ModelCard, OtherPrice, PriceRow } from '../domain/rate-card.ts';
import { aliasesOf, claimName } from './card-aliases.ts';
import type { CardContext, ModelContext } from './card-context.ts';
import { placed } from './card-origins.ts';
import { regionsOf } from './card-regions.ts';
import { dateAt, undeclaredSource } from './card-values.ts';
import { decodeModelFacts, FACT_KEYS } from './model-facts.ts';
import { PRICE_KEYS, pricesOf } from './price-keys.ts';
import { hoursOf, serviceOf, statusOf, tiersOf } from './row-blocks.ts';
import type { Entry, Located } from './yaml-tree.ts';

const MODEL_KEYS = [
  'aliases',
  'match',
  'kind',
  ...FACT_KEYS,
  'surcharges',
  'service_tiers',
  'deprecated',
  'note',
  'prices',
];
const ROW_KEYS = [
  'from',
  'until',
  'source',
  'status',
  'check_by',
  'note',
  'as_published',
  'others_say',
  'tiers',
  'service',
  'hours',
  'regions',
  ...PRICE_KEYS,
];

/** Decodes one entry under `models:`. Problems go to the reader; what could be read is returned. */
export function decodeModel({ key, keyOrigin, value }: Entry, context: ModelContext): ModelCard {
  const { read } = context;
  const path = `models.${key}`;
  claimName({ name: key, model: key }, keyOrigin, context);
  const fields = read.map(value, path, MODEL_KEYS);
  const at = (name: string): Located | undefined => fields.get(name)?.value;
  const rows = read
    .list(at('prices'), `${path}.prices`)
    .flatMap((row) => decodeRow(row, path, context));
  if (at('prices') === undefined) read.error(keyOrigin, `${path}: missing key "prices"`);
  const match = read.text(at('match'), `${path}.match`);
  const surcharges = read.texts(at('surcharges'), `${path}.surcharges`);
  const serviceTiers = read.texts(at('service_tiers'), `${path}.service_tiers`);
  for (const name of surcharges)
    if (!context.surcharges.has(name))
      read.error(keyOrigin, `${path}: surcharge "${name}" is not declared in this card`);
  for (const name of serviceTiers)
    if (!context.serviceTiers.has(name))
      read.error(keyOrigin, `${path}: service tier "${name}" is not declared in this card`);
  const model: ModelCard = {
    id: key,
    aliases: aliasesOf(at('aliases'), key, context),
    ...(match === undefined ? {} : { match }),
    kind: read.text(at('kind'), `${path}.kind`) ?? 'chat',
    ...decodeModelFacts(fields, path, read),
    surcharges,
    serviceTiers,
    rows,
    file: keyOrigin.file,
    line: keyOrigin.line ?? 0,
  };
  return placed(model, keyOrigin);
}

function decodeRow(row: Located, model: string, context: CardContext): PriceRow[] {
  const { read, sources } = context;
  const fields = read.map(row, model, ROW_KEYS);
  const at = (name: string): Located | undefined => fields.get(name)?.value;
  const from = dateAt(read, at('from'), `${model}.from`);
  if (from === undefined) {
    if (at('from') === undefined)
      read.error(row.origin, `${model}: a price row needs "from:", the day its prices begin`);
    return [];
  }
  const path = `${model}@${from.text}`;
  const names = read.texts(at('source'), `${path}.source`);
  if (names.length === 0) read.error(row.origin, `${path}: a price row needs "source:"`);
  for (const name of names)
    if (!sources.has(name))
      read.error(at('source')?.origin ?? row.origin, `${path}: ${undeclaredSource(name, sources)}`);
  const asPublished = read.texts(at('as_published'), `${path}.as_published`);
  if (asPublished.length > 0 && at('note') === undefined)
    read.error(row.origin, `${path}: as_published needs a note that says who publishes it so`);
  const until = dateAt(read, at('until'), `${path}.until`);
  const checkBy = dateAt(read, at('check_by'), `${path}.check_by`);
  const note = read.text(at('note'), `${path}.note`);
  if (until !== undefined && until.time <= from.time)
    read.error(row.origin, `${path}: until ${until.text} is not after from`);
  const decoded: PriceRow = {
    from: from.time,
    fromText: from.text,
    ...(until === undefined ? {} : { until: until.time }),
    status: statusOf(at('status'), path, context) ?? 'verified',
    ...(checkBy === undefined ? {} : { checkBy: checkBy.text }),
    ...(note === undefined ? {} : { note }),
    asPublished,
    othersSay: othersSayOf(at('others_say'), path, context),
    sources: names,
    prices: pricesOf(fields, path, context),
    tiers: tiersOf(at('tiers'), path, context),
    service: serviceOf(at('service'), path, context),
    hours: read
      .list(at('hours'), `${path}.hours`)
      .flatMap((block) => hoursOf(block, path, context)),
    regions: regionsOf(at('regions'), path, context),
    line: row.origin.line ?? 0,
  };
  return [placed(decoded, at('from')?.origin ?? row.origin)];
}

function othersSayOf(value: Located | undefined, row: string, context: CardContext): OtherPrice[] {
  const { read, sources } = context;
  const path = `${row}.others_say`;
  return read.list(value, path).flatMap((item): OtherPrice[] => {
    const fields = read.map(item, path, ['source', 'why', ...PRICE_KEYS]);
    const source = read.text(fields.get('source')?.value, `${path}.source`);
    const why = read.text(fields.get('why')?.value, `${path}.why`);
    if (source === undefined || !sources.has(source)) {
      const found = source === undefined ? 'needs "source:"' : undeclaredSource(source, sources);
      read.error(item.origin, `${path}: ${found}`);
      return [];
    }
    const prices = pricesOf(fields, path, context);
    if (prices.size === 0) read.error(item.origin, `${path}: lists no price`);
    return [{ source, prices, ...(why === undefined ? {} : { why }) }];
  });
}
