import type { Sourced } from '../domain/number-source.ts';
import type { Origin } from '../domain/origin.ts';
import { grouped } from '../domain/words.ts';
import type {
  CostedPrompt,
  MeasuredCase,
  MeasuredPart,
  PrefixEnd,
} from '../prompts/costed-prompt.ts';
import { type Cell, type Column, optionalText as text, type Table } from './answer.ts';
import { countCell, shownDecimal, shownShare, tokensCell } from './estimate-cells.ts';

/** Where every number of an estimate comes from: parts of the prompts, numbers with their sources, files. */
export function whyTables(prompts: readonly CostedPrompt[]): readonly Table[] {
  const several = prompts.length > 1;
  return [partTable(prompts, several), numberTable(prompts, several), fileTable(prompts, several)];
}

/** The column that tells prompts apart; a single one needs none. */
const promptColumn = (several: boolean): Column => ({
  key: 'prompt',
  title: 'Prompt',
  yields: 0,
  ...(several ? {} : { only: 'programs' }),
});

function partTable(prompts: readonly CostedPrompt[], several: boolean): Table {
  const cases = prompts.some(({ inputs }) => (inputs?.cases.length ?? 0) > 1);
  return {
    name: 'parts',
    title: 'Tokens by part',
    columns: [
      promptColumn(several),
      { key: 'case', title: 'Case', yields: 0, ...(cases ? {} : { only: 'programs' }) },
      { key: 'part', title: 'Part', yields: 0 },
      { key: 'tokens', title: 'Tokens', yields: 0 },
      { key: 'prefix_tokens', title: 'In prefix', yields: 4 },
      { key: 'source', title: 'How', yields: 3, whole: true },
      { key: 'where', title: 'Where', yields: 5 },
    ],
    rows: prompts.flatMap(({ id, inputs }) =>
      (inputs?.cases ?? []).flatMap((measured) =>
        measured.parts.map((part) => partRow(id, measured, part)),
      ),
    ),
    empty: 'Nothing was counted.',
  };
}

const partRow = (id: string, { name }: MeasuredCase, part: MeasuredPart): readonly Cell[] => [
  text(id),
  text(name),
  text(part.variable === undefined ? part.part : `variable ${part.variable}`),
  tokensCell(part.tokens),
  countCell(part.prefix.tokens),
  text(part.source),
  text(part.origin === undefined ? undefined : placeOf(part.origin)),
];

const placeOf = ({ file, line }: Origin): string => (line === undefined ? file : `${file}:${line}`);

function numberTable(prompts: readonly CostedPrompt[], several: boolean): Table {
  return {
    name: 'numbers',
    title: 'What the cost rests on',
    columns: [
      promptColumn(several),
      { key: 'number', title: 'Number', yields: 0, whole: true },
      { key: 'value', title: 'Value', yields: 0, whole: true },
      { key: 'source', title: 'Source', yields: 0, whole: true },
      { key: 'from', title: 'From', yields: 0, wraps: true },
    ],
    rows: prompts.flatMap((prompt) =>
      numbersOf(prompt).map((cells) => [text(prompt.id), ...cells.map((cell) => text(cell))]),
    ),
  };
}

type NumberRow = readonly [name: string, value: string, source: string, from: string];

function numbersOf(prompt: CostedPrompt): readonly NumberRow[] {
  const { inputs, model, prices, cost, counted, tokens } = prompt;
  const rows: NumberRow[] = [];
  const say = <Value>(
    name: string,
    sourced: Sourced<Value> | undefined,
    show: (value: Value) => string,
  ): void => {
    if (sourced !== undefined) rows.push([name, show(sourced.value), sourced.source, sourced.from]);
  };
  say('model', model, (named) => named.model);
  if (tokens !== undefined)
    rows.push([
      'tokens in',
      tokens.low === tokens.high
        ? grouped(tokens.tokens)
        : `${grouped(tokens.low)}-${grouped(tokens.high)}`,
      tokens.source,
      [counted ?? '', tokens.note ?? ''].filter((part) => part !== '').join('; '),
    ]);
  const { callsPerMonth, turns, output, cache } = inputs?.assumptions ?? {};
  if (callsPerMonth === undefined)
    rows.push(['calls a month', '?', 'unknown', 'say calls_per_month: or --calls-per-month']);
  say('calls a month', callsPerMonth, (calls) => shownDecimal(calls));
  if (turns !== undefined && turns.value.mean.digits !== 10n ** BigInt(turns.value.mean.scale))
    say(
      'turns',
      turns,
      ({ mean, growthTokens }) => `${shownDecimal(mean, 2)}, +${grouped(growthTokens)} each`,
    );
  say('tokens out', output, ({ mean, p95 }) =>
    p95 === undefined ? shownDecimal(mean) : `${shownDecimal(mean)}, p95 ${grouped(p95)}`,
  );
  if (inputs?.maxOutputTokens !== undefined)
    rows.push(['most tokens out', grouped(inputs.maxOutputTokens), 'declared', prompt.path]);
  rows.push(...cacheRows(prompt));
  if (cost.cache.cachedTokens > 0) say('kept for', cache?.ttl, (ttl) => ttl);
  if (prices !== undefined) rows.push(...priceRows(prompt));
  return rows;
}

/** The prefix, what ends it, and how it fares with the cache. */
function cacheRows({ inputs, cost }: CostedPrompt): readonly NumberRow[] {
  const [first] = inputs?.cases ?? [];
  if (first === undefined) return [];
  const { cachedTokens, hitRatio, minimum, why } = cost.cache;
  const rows: NumberRow[] = [
    ['stable prefix', grouped(first.prefix.tokens), first.prefix.source, endText(first.prefixEnd)],
  ];
  if (why !== undefined) rows.push(['cached prefix', '0', 'counted', why]);
  else rows.push(['cached prefix', grouped(cachedTokens), first.prefix.source, 'heaviest case']);
  if (minimum !== undefined)
    rows.push(['least to cache', grouped(minimum.value), minimum.source, minimum.from]);
  if (cachedTokens > 0 && hitRatio !== undefined)
    rows.push(['cache hits', shownShare(hitRatio.value), hitRatio.source, hitRatio.from]);
  return rows;
}

function endText(end: PrefixEnd): string {
  switch (end.kind) {
    case 'whole':
      return 'the whole prompt is the same in every call';
    case 'variable':
      return `up to variable "${end.variable}"${end.origin === undefined ? '' : ` (${placeOf(end.origin)})`}`;
    case 'unresolved':
      return `up to ${end.what}`;
    case 'breakpoint':
      return 'up to the last cache_control that every call shares';
    case 'not-asked':
      return 'the caller has to ask for caching';
  }
}

/** The rate that holds for the whole input. */
function priceRows({ prices, tokens, cost }: CostedPrompt): readonly NumberRow[] {
  const rating = prices?.forPrompt(tokens?.tokens ?? 0);
  if (prices === undefined || rating === undefined) return [];
  if (rating.kind === 'unrated') return [['price', '?', 'unknown', rating.why.message]];
  const { rate } = rating;
  const steps = [
    ...rate.steps,
    ...(cost.contextTier === undefined || rate.steps.includes(cost.contextTier)
      ? []
      : [cost.contextTier]),
  ];
  return [
    [
      'price',
      `${rate.provider}/${rate.model} from ${rate.from}`,
      'declared',
      [`${rate.file}:${rate.line}`, ...steps].join(', '),
    ],
  ];
}

function fileTable(prompts: readonly CostedPrompt[], several: boolean): Table {
  return {
    name: 'files',
    title: 'Files that decide it',
    columns: [
      promptColumn(several),
      { key: 'path', title: 'File', yields: 0 },
      { key: 'content', title: 'Content', yields: 1 },
    ],
    rows: prompts.flatMap(({ id, files }) =>
      [...files].map(([path, content]) => [text(id), text(path), text(content.slice(0, 12))]),
    ),
  };
}
