import type { Decimal } from '../domain/money.ts';
import { NUMBER_SOURCES, type NumberSource } from '../domain/number-source.ts';
import type { MeasuredCase, MeasuredPart, PrefixEnd } from './costed-prompt.ts';
import { addCounts, NO_TOKENS, type TokenCount } from './counting/token-count.ts';
import { isSystem, type Segment, type SegmentRequest, segmentsOf } from './measured-segments.ts';
import type { Message } from './prompt.ts';

/**
 * How a provider comes to cache a prefix: by itself; up to messages that are marked; up to where calls differ,
 * since a config says that the caller asks for it; or not at all, since nobody asks.
 */
export type CacheAsking = 'automatic' | 'marked' | 'declared' | 'not-asked';

/** What to measure. */
export interface MeasureRequest extends SegmentRequest {
  readonly name: string;
  readonly weight: Decimal;
  readonly asking: CacheAsking;
  /** 95th percentiles of variables that only sizes are known of. */
  readonly p95: ReadonlyMap<string, number>;
}

/** Counts one kind of call by part, and the prefix of it that every call shares. The parts add up to the whole. */
export function measureCase(request: MeasureRequest): MeasuredCase {
  const { name, weight, counter, asking } = request;
  const messages = inReadingOrder(request.messages, asking);
  const segments = segmentsOf({ ...request, messages });
  const { stable, frames, end } = prefixOf(segments, messages, asking);
  const frame = counter.frame(messages.map(frameOf));
  const framed: MeasuredPart = {
    part: 'frame',
    tokens: frame,
    source: frame.source,
    prefix:
      frames === messages.length
        ? frame
        : frames === 0
          ? NO_TOKENS
          : counter.frame(messages.slice(0, frames).map(frameOf)),
  };
  const parts = [...partsOf(segments, stable), framed];
  return {
    name,
    weight,
    parts,
    tokens: addCounts(...parts.map(({ tokens }) => tokens)),
    moreAtP95: moreAtP95(segments, request),
    prefix: addCounts(...parts.map(({ prefix }) => prefix)),
    prefixEnd: end,
  };
}

const frameOf = ({ role, name }: Message): { role: string; name?: string } =>
  name === undefined ? { role } : { role, name };

/** Where caching is asked for, instructions are read before the conversation, wherever they stand. */
const inReadingOrder = (messages: readonly Message[], asking: CacheAsking): readonly Message[] =>
  asking === 'automatic'
    ? messages
    : [
        ...messages.filter(({ role }) => isSystem(role)),
        ...messages.filter(({ role }) => !isSystem(role)),
      ];

/** The part of a request that every call shares. */
interface Prefix {
  /** How many segments lie in it. */
  readonly stable: number;
  /** How many messages have begun in it. */
  readonly frames: number;
  readonly end: PrefixEnd;
}

function prefixOf(
  segments: readonly Segment[],
  messages: readonly Message[],
  asking: CacheAsking,
): Prefix {
  if (asking === 'not-asked') return { stable: 0, frames: 0, end: { kind: 'not-asked' } };
  const first = segments.findIndex(({ varies }) => varies !== undefined);
  const varying = first < 0 ? undefined : segments[first];
  const end = varying?.varies ?? { kind: 'whole' };
  if (asking !== 'marked')
    return {
      stable: varying === undefined ? segments.length : first,
      frames: varying === undefined ? messages.length : varying.message + 1,
      end,
    };
  const marked = messages.findLastIndex(
    ({ cacheBreakpoint }, index) =>
      cacheBreakpoint !== undefined && (varying === undefined || index < varying.message),
  );
  if (marked < 0) return { stable: 0, frames: 0, end };
  return {
    stable: segments.filter(({ message }) => message <= marked).length,
    frames: marked + 1,
    end: { kind: 'breakpoint' },
  };
}

/** Segments of one kind together, in the order in which they first stand. */
function partsOf(segments: readonly Segment[], stable: number): readonly MeasuredPart[] {
  const parts = new Map<string, { readonly of: Segment[]; readonly prefix: TokenCount[] }>();
  for (const [index, segment] of segments.entries()) {
    const key = `${segment.part} ${segment.variable ?? ''}`;
    const part = parts.get(key) ?? { of: [], prefix: [] };
    parts.set(key, part);
    part.of.push(segment);
    if (index < stable) part.prefix.push(segment.tokens);
  }
  return [...parts.values()].flatMap(({ of, prefix }) => {
    const [first] = of;
    if (first === undefined) return [];
    const { part, variable } = first;
    const origin = part === 'instructions' || part === 'examples' ? undefined : first.origin;
    return [
      {
        part,
        tokens: addCounts(...of.map(({ tokens }) => tokens)),
        source: weakest(of.map(({ source }) => source)),
        prefix: addCounts(...prefix),
        ...(variable === undefined ? {} : { variable }),
        ...(origin === undefined ? {} : { origin }),
      },
    ];
  });
}

/** The source that is trusted least. */
const weakest = (sources: readonly NumberSource[]): NumberSource =>
  NUMBER_SOURCES[Math.max(0, ...sources.map((source) => NUMBER_SOURCES.indexOf(source)))] ??
  'unknown';

function moreAtP95(segments: readonly Segment[], { p95 }: MeasureRequest): number {
  let more = 0;
  for (const { variable, tokens } of segments) {
    const longest = variable === undefined ? undefined : p95.get(variable);
    if (longest !== undefined) more += Math.max(0, longest - tokens.tokens);
  }
  return more;
}
