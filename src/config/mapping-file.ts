import { readFileSync } from 'node:fs';
import { tagKey } from '../domain/tags.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { STATUSES, type Status } from '../domain/usage.ts';
import { UserError } from '../errors.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

/** What a mapping may fill, by the names of aicost's own JSONL. */
const MAPPED_FIELDS = [
  'id',
  'time',
  'provider',
  'model',
  'request_model',
  'operation',
  'service_tier',
  'region',
  'status',
  'error_code',
  'latency_ms',
  'retry_count',
  'requests',
  'input',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
  'reasoning',
  'reported_cost_usd',
] as const;
/** One of MAPPED_FIELDS. */
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** How the records of one log turn into events: field by field, column by column. */
export interface Mapping {
  readonly name: string;
  /** Where each field stands: a column or key, or keys joined by dots. */
  readonly fields: Readonly<Partial<Record<MappedField, string>>>;
  /** What each record has that its columns do not say. */
  readonly constants: Readonly<Partial<Record<MappedField, string>>>;
  readonly timeFormat: string;
  /** The instant that numbers of an epoch format count from, milliseconds UTC: a trace may count from its own beginning. */
  readonly timeStart: number;
  /** Zone of times that carry none. */
  readonly timeZone: string;
  readonly inputIncludesCache: boolean;
  readonly outputIncludesReasoning: boolean;
  /** Column by tag. */
  readonly tags: Readonly<Record<string, string>>;
  /** Status by the value of the log. */
  readonly statuses: Readonly<Record<string, Status>>;
}

const KEYS = [
  'map',
  'name',
  'fields',
  'constants',
  'time_format',
  'time_start',
  'time_zone',
  'input_includes_cache',
  'output_includes_reasoning',
  'tags',
  'statuses',
];
const COUNTS: readonly MappedField[] = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
];
const NAMED_TIME_FORMATS = ['iso', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'];

/** Reads a mapping file. Throws UserError, located, at its first problem. */
export function readMapping(file: string): { readonly mapping: Mapping; readonly text: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read mapping ${file}`, {
      cause,
      hint: 'Name a YAML file with --map (see README, "Any other log").',
    });
  }
  return { mapping: decodeMapping(text, file), text };
}

/** Decodes the text of a mapping file. Throws UserError. */
export function decodeMapping(text: string, file: string): Mapping {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, file);
  const top = read.map(tree, '', KEYS);
  const at = (key: string): Located | undefined => top.get(key)?.value;
  const fields = textsByName(read, at('fields'), 'fields');
  const constants = textsByName(read, at('constants'), 'constants');
  if (read.text(at('map'), 'map') !== '1')
    read.error(at('map')?.origin ?? tree.origin, 'missing or unknown version; write "map: 1"');
  for (const needed of ['time', 'model'] as const)
    if (fields[needed] === undefined && constants[needed] === undefined)
      read.error(
        tree.origin,
        `nothing says what "${needed}" is; name its column under fields, or a value under constants`,
      );
  if (!COUNTS.some((count) => fields[count] !== undefined))
    read.error(
      tree.origin,
      `no token count is mapped; name at least one of ${COUNTS.join(', ')} under fields`,
    );
  const timeZone = read.text(at('time_zone'), 'time_zone') ?? 'UTC';
  if (!isTimeZone(timeZone))
    read.error(
      at('time_zone')?.origin ?? tree.origin,
      `time_zone: no such zone "${timeZone}"; write one like Europe/Berlin`,
    );
  const timeFormat = read.text(at('time_format'), 'time_format') ?? 'iso';
  if (
    !NAMED_TIME_FORMATS.includes(timeFormat) &&
    !/YYYY.*MM.*DD|MM.*DD.*YYYY|DD.*MM.*YYYY/.test(timeFormat)
  )
    read.error(
      at('time_format')?.origin ?? tree.origin,
      `time_format: expected ${NAMED_TIME_FORMATS.join(', ')} or a pattern like "MM/DD/YYYY HH:mm:ss", found "${timeFormat}"`,
    );
  const timeStart = timeStartOf(read, at('time_start'), timeFormat);
  const statuses = statusesOf(read, at('statuses'));
  const tags = Object.fromEntries(
    [...read.map(at('tags'), 'tags').values()].flatMap(({ key, value }) => {
      const column = read.text(value, `tags.${key}`);
      return column === undefined ? [] : [[tagKey(key), column]];
    }),
  );
  const mapping = {
    name: read.text(at('name'), 'name') ?? 'mapped',
    fields,
    constants,
    timeFormat,
    timeStart,
    timeZone,
    inputIncludesCache: read.flag(at('input_includes_cache'), 'input_includes_cache'),
    outputIncludesReasoning:
      at('output_includes_reasoning') === undefined ||
      read.flag(at('output_includes_reasoning'), 'output_includes_reasoning'),
    tags,
    statuses,
  };
  const [first] = problems;
  if (first !== undefined) throw new UserError(first.message, { origin: first.origin });
  return mapping;
}

function timeStartOf(read: TreeReader, value: Located | undefined, timeFormat: string): number {
  if (value === undefined) return 0;
  const text = read.text(value, 'time_start') ?? '';
  const start = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(start))
    read.error(
      value.origin,
      `time_start: expected a time like 2026-11-01 or 2026-11-01T09:00:00Z, found "${text}"`,
    );
  else if (!timeFormat.startsWith('epoch_'))
    read.error(
      value.origin,
      'time_start: only numbers count from an instant; write time_format: epoch_ms, or epoch_s',
    );
  return start;
}

function textsByName(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Partial<Record<MappedField, string>> {
  const texts: Partial<Record<MappedField, string>> = {};
  for (const { key, value: entry } of read.map(value, path, MAPPED_FIELDS).values()) {
    const field = MAPPED_FIELDS.find((name) => name === key);
    const text = read.text(entry, `${path}.${key}`);
    if (field !== undefined && text !== undefined) texts[field] = text;
  }
  return texts;
}

function statusesOf(read: TreeReader, value: Located | undefined): Record<string, Status> {
  const statuses: [string, Status][] = [];
  for (const { key, value: entry } of read.map(value, 'statuses').values()) {
    const text = read.text(entry, `statuses.${key}`);
    const status = STATUSES.find((name) => name === text);
    if (status === undefined)
      read.error(entry.origin, `statuses.${key}: expected one of ${STATUSES.join(', ')}`);
    else statuses.push([key, status]);
  }
  return Object.fromEntries(statuses);
}
