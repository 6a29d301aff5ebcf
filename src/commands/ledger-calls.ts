import { existsSync } from 'node:fs';
import type { EstimateWorld } from '../prompts/estimate-request.ts';
import type { Runtime } from '../runtime.ts';
import { type CommonFlags, openSession } from './session.ts';

/** What a ledger knows of calls, and how it is closed. */
export interface LedgerCalls {
  readonly callsOf: NonNullable<EstimateWorld['callsOf']>;
  readonly close: () => void;
}

/** Calls that a ledger knows; `undefined` without a ledger, unless one was asked for. */
export async function ledgerCalls(
  flags: CommonFlags,
  runtime: Runtime,
): Promise<LedgerCalls | undefined> {
  const session = await openSession(runtime, flags);
  if (flags.ledger === undefined && !existsSync(session.ledgerPath)) return undefined;
  const [ledger, { measuredCalls }] = await Promise.all([
    session.openForReading(),
    import('../prompts/measured-calls.ts'),
  ]);
  return { callsOf: measuredCalls(ledger.spend, runtime.now()), close: ledger.close };
}
