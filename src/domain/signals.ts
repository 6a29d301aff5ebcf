import type { Fraction } from './fraction.ts';
import type { Decimal } from './money.ts';
import { nearest } from './nearest.ts';
import type { Measure } from './units.ts';

/** What shows how much of a shared cost somebody used. */
export interface Signal {
  readonly measure: readonly Measure[];
  /** What a count of it counts, as units name it. */
  readonly nouns: readonly string[];
  /** Whether the calls of the ledger have it, so that it needs no file. */
  readonly inLedger: boolean;
  /** What sums of it are called (FOCUS UsageUnit); times are in seconds. */
  readonly unit: string;
}

const counted = (unit: string, ...nouns: readonly string[]): Signal => ({
  measure: ['count'],
  nouns,
  inLedger: false,
  unit,
});
const timed = (unit: string): Signal => ({ measure: ['time'], nouns: [], inLedger: false, unit });
const stored = (unit: string): Signal => ({
  measure: ['bytes', 'byte-time'],
  nouns: [],
  inLedger: false,
  unit,
});
const ofCalls = (signal: Signal): Signal => ({ ...signal, inLedger: true });

/** Every signal by its name. What the ledger has may also come from a file, which then goes before it. */
export const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  // A shared endpoint.
  ['requests', ofCalls(counted('Requests', 'request', 'call'))],
  ['tokens', ofCalls(counted('Tokens', 'token'))],
  ['input_tokens', ofCalls(counted('Tokens', 'token'))],
  ['output_tokens', ofCalls(counted('Tokens', 'token'))],
  ['compute_time', ofCalls(timed('Seconds'))],
  ['retries', ofCalls(counted('Retries', 'retry'))],
  // A cluster of GPUs.
  ['gpu_seconds', timed('GPU-Seconds')],
  ['pod_runtime', timed('Pod-Seconds')],
  ['queue_time', timed('Seconds')],
  ['namespace', counted('Namespaces', 'namespace', 'pod')],
  ['workload', counted('Workloads', 'workload', 'pod', 'job')],
  // A vector database.
  ['queries', counted('Queries', 'query', 'request')],
  ['storage', stored('Bytes')],
  ['index_size', stored('Bytes')],
  ['tenant_collections', counted('Collections', 'collection')],
  // A pipeline of embeddings.
  ['documents', counted('Documents', 'document')],
  ['embeddings', counted('Embeddings', 'embedding', 'vector')],
  ['reindex_jobs', counted('Jobs', 'job')],
  // Orchestration.
  ['runs', ofCalls(counted('Runs', 'run'))],
  ['steps', ofCalls(counted('Steps', 'step'))],
  ['tool_calls', counted('Calls', 'call')],
  ['duration', timed('Seconds')],
  // Logging.
  ['events', counted('Events', 'event')],
  ['spans', counted('Spans', 'span')],
]);

/** A quantity in base units in the unit that sums of its measure have: times are in seconds, everything else as it is. */
export const inSignalUnit = ({ digits, scale }: Decimal, measure: Measure): Fraction => ({
  part: digits,
  over: 10n ** BigInt(scale) * (measure === 'time' || measure === 'byte-time' ? 1000n : 1n),
});

/** That no signal has a name, with the one that may be meant. */
export function noSuchSignal(name: string): string {
  const close = nearest(name, SIGNALS.keys());
  const mend =
    close === undefined
      ? `known are ${[...SIGNALS.keys()].join(', ')}`
      : `did you mean "${close}"?`;
  return `no signal is called "${name}"; ${mend}`;
}
