import type { Filter, Span } from '../domain/spend.ts';
import type { Runtime } from '../runtime.ts';
import { type AttributedLedger, attributedLedger } from './attributed-ledger.ts';
import { filtersOf, type SelectionFlags, spanOf } from './flags.ts';
import { openSession, type Session } from './session.ts';

/** What a what-if is about, and the ledger that knows it; whoever opens it closes the ledger. */
export interface WhatifSelection {
  readonly session: Session;
  readonly span: Span;
  readonly where: readonly Filter[];
  readonly ledger: AttributedLedger;
}

/**
 * Understands the flags and opens the ledger: events that nobody has asked about one by one stay in their blocks, and
 * no tag is inferred, which single requests could not show apart. Throws UserError.
 */
export async function openSelection(
  flags: SelectionFlags,
  runtime: Runtime,
): Promise<WhatifSelection> {
  const session = await openSession(runtime, flags);
  const span = spanOf(flags, runtime.now(), session.timeZone);
  const where = filtersOf(flags.where);
  const logged = await session.openForReading({ sumsOnly: true });
  const ledger = await attributedLedger(logged, session.tagRules, { infer: false });
  return { session, span, where, ledger };
}
