import type { Command } from 'commander';
import type { AttributedCalls } from '../attribution/attributed-calls.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import type { EventSelection } from '../ledger/event-selection.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';

/** Flags that choose which rules of aicost.yaml are laid over the ledger, as commander hands them over. */
export interface RuleFlags {
  /** False for tags as they were logged. */
  readonly virtual?: boolean;
  /** False for rules without inference. */
  readonly infer?: boolean;
}

/** Adds --no-virtual and --no-infer. */
export const withRules = (command: Command): Command =>
  command
    .option('--no-virtual', 'tags as they were logged, without rules of aicost.yaml')
    .option('--no-infer', 'no tags from other calls of a run, session or key');

/** A ledger whose answers follow the rules; its events come as they were logged. */
export interface AttributedLedger extends LedgerToRead {
  /** What the rules make of single calls; `undefined` where there are none. */
  readonly calls: AttributedCalls | undefined;
  /** The rules in force; `undefined` where there are none. */
  readonly rules: TagRules | undefined;
}

/**
 * Lays the rules of aicost.yaml over a ledger: spend is grouped and filtered, and events are selected, by tags as
 * the rules attribute them. Nothing is loaded and nothing changes where there are none.
 */
export async function attributedLedger(
  ledger: LedgerToRead,
  tagRules: TagRules | undefined,
  { virtual = true, infer = true }: RuleFlags = {},
): Promise<AttributedLedger> {
  if (tagRules === undefined || !virtual) return { ...ledger, calls: undefined, rules: undefined };
  const [{ openAttribution }, { attributedSpend }, { attributedCalls }] = await Promise.all([
    import('../attribution/attribution.ts'),
    import('../attribution/attributed-spend.ts'),
    import('../attribution/attributed-calls.ts'),
  ]);
  const rules = infer ? tagRules : { ...tagRules, infer: [] };
  const attribution = openAttribution(rules);
  const calls = attributedCalls(ledger.spend, attribution);
  return {
    ...ledger,
    rules,
    calls,
    spend: attributedSpend(ledger.spend, attribution),
    events: (selection) => selected(ledger, selection, calls, attribution.touches),
  };
}

/** How many calls are looked at for each that is asked for, at first. */
const LOOKAHEAD = 8;

/** The events of a selection whose filters may be on what rules say, which only the calls themselves can tell. */
function* selected(
  ledger: LedgerToRead,
  selection: EventSelection,
  calls: AttributedCalls,
  touches: (name: string) => boolean,
): Generator<StoredEvent> {
  const ruled = selection.where.filter(({ dimension }) => touches(dimension.name));
  if (ruled.length === 0) {
    yield* ledger.events(selection);
    return;
  }
  const { limit, ...all } = selection;
  const where = selection.where.filter((filter) => !ruled.includes(filter));
  if (limit === undefined) {
    for (const stored of ledger.events({ ...all, where }))
      if (calls.fits(stored, ruled)) yield stored;
    return;
  }
  // A ranking ends after so many calls, of which the filters leave fewer: it is asked for more until they are enough.
  for (let asked = limit * LOOKAHEAD; ; asked *= LOOKAHEAD) {
    let seen = 0;
    const found: StoredEvent[] = [];
    for (const stored of ledger.events({ ...all, where, limit: asked })) {
      seen += 1;
      if (found.length < limit && calls.fits(stored, ruled)) found.push(stored);
    }
    if (found.length < limit && seen === asked) continue;
    yield* found;
    return;
  }
}
