import type { Adapter, Normalized } from '../adapters/contract/adapter.ts';
import { DecodeError } from '../adapters/contract/decode-error.ts';
import {
  at,
  countAt,
  dollarsAt,
  isFields,
  millisecondsAt,
  parseIsoTime,
  textAt,
  wordsAt,
} from '../adapters/contract/fields.ts';
import { contained } from '../adapters/contract/token-split.ts';
import type { MappedField, Mapping } from '../config/mapping-file.ts';
import { offsetAt } from '../domain/time-zone.ts';
import { STATUSES, type Status, type Usage } from '../domain/usage.ts';

/** An adapter that reads records as a mapping file says. It takes every record of its source. */
export function mappedAdapter(mapping: Mapping): Adapter {
  return {
    id: mapping.name,
    title: 'records described by a mapping file',
    source: { url: 'README.md', checked: '2026-11-21' },
    recognizes: isFields,
    normalize: (record) => normalize(mapping, record),
  };
}

function normalize(mapping: Mapping, record: unknown): Normalized {
  const value = (field: MappedField): unknown => {
    const path = mapping.fields[field];
    const found = path === undefined ? undefined : behind(record, path);
    return found ?? mapping.constants[field];
  };
  const text = (field: MappedField): string | undefined => textAt(value(field))?.trim();
  const model = text('model');
  if (model === undefined || model === '')
    throw new DecodeError(mapping.fields.model ?? 'model', 'the name of a model', undefined);
  const requests = count(mapping, value('requests'), 'requests') ?? 1;
  const status = statusOf(mapping, text('status'));
  const usage = usageOf(mapping, value);
  const tags = Object.entries(mapping.tags).flatMap(([tag, path]) => {
    const found = wordsAt(behind(record, path))?.trim();
    return found === undefined || found === '' ? [] : [[tag, found] as const];
  });
  const counted = usage.known;
  return {
    events: [
      {
        id: text('id'),
        time: timeOf(mapping, value('time')),
        provider: (text('provider') ?? 'unknown').toLowerCase(),
        model,
        requestModel: text('request_model'),
        operation: text('operation') ?? 'chat',
        serviceTier: text('service_tier'),
        region: text('region'),
        status,
        errorCode: text('error_code'),
        billable: counted || status === 'success',
        latencyMs: millisecondsAt(value('latency_ms')),
        retryCount: count(mapping, value('retry_count'), 'retry_count'),
        countSource: counted ? (requests > 1 ? 'aggregated' : 'reported') : 'missing',
        requests,
        usage: usage.usage,
        reportedCost: dollarsAt(value('reported_cost_usd')),
        tags: Object.fromEntries(tags),
      },
    ],
  };
}

/** The value of a column, or of keys joined by dots; a column whose own name has dots comes first. */
function behind(record: unknown, path: string): unknown {
  const whole = at(record, path);
  if (whole !== undefined) return whole;
  let here = record;
  for (const step of path.split('.'))
    here = Array.isArray(here) ? here[Number(step)] : at(here, step);
  return here ?? undefined;
}

function count(mapping: Mapping, value: unknown, field: MappedField): number | undefined {
  return countAt({ [mapping.fields[field] ?? field]: value }, mapping.fields[field] ?? field);
}

function usageOf(
  mapping: Mapping,
  value: (field: MappedField) => unknown,
): { readonly usage: Usage; readonly known: boolean } {
  const number = (field: MappedField): number | undefined => count(mapping, value(field), field);
  const [input, cacheRead, output, reasoning] = [
    number('input'),
    number('cache_read'),
    number('output'),
    number('reasoning'),
  ];
  const writes = {
    default: number('cache_write'),
    '5m': number('cache_write_5m'),
    '1h': number('cache_write_1h'),
  };
  const cacheWrite = Object.fromEntries(
    Object.entries(writes).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0),
  );
  const written = Object.values(cacheWrite).reduce((sum, tokens) => sum + tokens, 0);
  const cached = (cacheRead ?? 0) + written;
  return {
    known: [input, cacheRead, output, ...Object.values(writes)].some(
      (tokens) => tokens !== undefined,
    ),
    usage: {
      input: mapping.inputIncludesCache ? contained('input', input ?? 0, cached) : (input ?? 0),
      cacheRead: cacheRead ?? 0,
      cacheWrite,
      output: (output ?? 0) + (mapping.outputIncludesReasoning ? 0 : (reasoning ?? 0)),
      reasoning: reasoning ?? 0,
      parts: {},
      fees: {},
    },
  };
}

function statusOf({ statuses, fields }: Mapping, text: string | undefined): Status {
  if (text === undefined || text === '') return 'success';
  const status = statuses[text] ?? STATUSES.find((name) => name === text.toLowerCase());
  if (status !== undefined) return status;
  throw new DecodeError(
    fields.status ?? 'status',
    `one of ${STATUSES.join(', ')}, or a value listed under statuses`,
    text,
  );
}

const EPOCH_UNITS: Readonly<Record<string, number>> = {
  epoch_s: 1000,
  epoch_ms: 1,
  epoch_us: 1e-3,
  epoch_ns: 1e-6,
};

function timeOf({ timeFormat, timeZone, timeStart, fields }: Mapping, value: unknown): number {
  const text = textAt(value)?.trim() ?? '';
  const factor = EPOCH_UNITS[timeFormat];
  const time =
    factor !== undefined
      ? epoch(text, factor, timeStart)
      : timeFormat === 'iso'
        ? isoTime(text, timeZone)
        : patternTime(text, timeFormat, timeZone);
  if (time === undefined || Number.isNaN(time))
    throw new DecodeError(fields.time ?? 'time', `a time (time_format: ${timeFormat})`, value);
  return time;
}

const epoch = (text: string, factor: number, start: number): number | undefined =>
  /^-?\d+(\.\d+)?$/.test(text) ? start + Math.floor(Number(text) * factor) : undefined;

function isoTime(text: string, timeZone: string): number | undefined {
  const time = parseIsoTime(text);
  const carriesZone = /(Z|UTC|[+-]\d{2}:?\d{2})$/i.test(text) && text.length > 10;
  return time === undefined || carriesZone ? time : fromLocal(time, timeZone);
}

const TOKENS = /YYYY|MM|DD|HH|mm|ss|S+|[^A-Za-z]|[A-Za-z]/g;

/** Reads a time by a pattern of YYYY MM DD HH mm ss and S for fractions. */
function patternTime(text: string, pattern: string, timeZone: string): number | undefined {
  const parts: Record<string, number> = { MM: 1, DD: 1, HH: 0, mm: 0, ss: 0, S: 0 };
  let from = 0;
  for (const token of pattern.match(TOKENS) ?? []) {
    const digits = /^(YYYY|MM|DD|HH|mm|ss|S+)$/.test(token)
      ? (new RegExp(
          `^\\d{${token === 'YYYY' ? 4 : 1},${token.startsWith('S') ? 9 : token.length}}`,
        ).exec(text.slice(from))?.[0] ?? '')
      : undefined;
    if (digits === undefined) {
      if (text[from] !== token) return undefined;
      from += 1;
      continue;
    }
    if (digits === '') return undefined;
    parts[token.startsWith('S') ? 'S' : token] = token.startsWith('S')
      ? Math.floor(Number(`0.${digits}`) * 1000)
      : Number(digits);
    from += digits.length;
  }
  const { YYYY = 0, MM = 1, DD = 1, HH = 0, mm = 0, ss = 0, S = 0 } = parts;
  const time = Date.UTC(YYYY, MM - 1, DD, HH, mm, ss, S);
  const valid =
    from === text.length &&
    new Date(time).getUTCDate() === DD &&
    MM <= 12 &&
    HH < 24 &&
    mm < 60 &&
    ss < 61;
  return valid ? fromLocal(time, timeZone) : undefined;
}

/** A wall-clock time of a zone, given as if it were UTC, as the instant it names. */
function fromLocal(wallClock: number, timeZone: string): number {
  const guess = wallClock - offsetAt(timeZone, wallClock);
  return wallClock - offsetAt(timeZone, guess);
}
