import type { Command } from 'commander';
import type { AttributedCalls } from '../attribution/attributed-calls.ts';
import type { Dimension, Filter } from '../domain/spend.ts';
import { SOURCE_DIMENSION, type TagRules } from '../domain/tag-rules.ts';
import { UserError } from '../errors.ts';
import type { EventSelection } from '../ledger/event-selection.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';
import type { GivenTags } from '../reports/given-tags.ts';
import { shownPath } from './places.ts';

/** Flags that choose which rules of aicost.yaml are laid over the ledger, as commander hands them over. */
export interface RuleFlags {
  /** False for tags as they were logged. */
  readonly virtual?: boolean;
  /** False for rules without inference. */
  readonly infer?: boolean;
}

/** Adds --no-virtual. */
export const withRuledTags = (command: Command): Command =>
  command.option('--no-virtual', 'tags as they were logged, without rules of aicost.yaml');

/** Adds --no-virtual and --no-infer. */
export const withRules = (command: Command): Command =>
  withRuledTags(command).option('--no-infer', 'no tags from other calls of a run, session or key');

/** A ledger whose answers follow the rules; its events come as they were logged. */
export interface AttributedLedger extends LedgerToRead {
  /** The rules in force; `undefined` where there are none. */
  readonly rules: TagRules | undefined;
  /** Tags that the rules give a call or change, by name. */
  readonly given: (stored: StoredEvent) => GivenTags;
  /** A call with the tags that the rules give it among its own. */
  readonly tagged: (stored: StoredEvent) => StoredEvent;
  /** Whether some of what a question groups by may be inferred, and does not say where it came from. */
  readonly infers: (by: readonly Dimension[]) => boolean;
}

/**
 * Lays the rules of aicost.yaml over a ledger: spend is grouped and filtered, and events are selected, by tags as
 * the rules attribute them. Nothing is loaded and nothing changes where there are none. Files of rules are shown from
 * `cwd`.
 */
export async function attributedLedger(
  ledger: LedgerToRead,
  tagRules: TagRules | undefined,
  { virtual = true, infer = true, cwd }: RuleFlags & { readonly cwd?: string } = {},
): Promise<AttributedLedger> {
  if (tagRules === undefined || !virtual)
    return {
      ...ledger,
      rules: undefined,
      given: () => new Map(),
      tagged: (stored) => stored,
      infers: () => false,
    };
  const [{ openAttribution }, { attributedSpend }, { attributedCalls }, { openVerdicts }] =
    await Promise.all([
      import('../attribution/attribution.ts'),
      import('../attribution/attributed-spend.ts'),
      import('../attribution/attributed-calls.ts'),
      import('../attribution/verdicts.ts'),
    ]);
  const rules = infer ? tagRules : { ...tagRules, infer: [] };
  const attribution = openAttribution(rules);
  const verdicts = openVerdicts(ledger.countCalls, attribution);
  const calls = attributedCalls(attribution, verdicts);
  return {
    ...ledger,
    rules,
    given: (stored) =>
      withShownRules(calls.given(stored), (file) =>
        cwd === undefined ? file : shownPath(file, cwd),
      ),
    tagged: (stored) => withTags(stored, calls.given(stored)),
    infers: (by) =>
      by.some(({ name }) => attribution.inferredFor(name).length > 0) &&
      by.every(({ name }) => name !== SOURCE_DIMENSION),
    spend: attributedSpend(ledger.spend, attribution, verdicts),
    replaying: async () => {
      const { attributedReplay } = await import('../attribution/attributed-replay.ts');
      const fixed = openAttribution({ ...rules, infer: [] });
      const replay = attributedReplay(await ledger.replaying(), fixed);
      return {
        ...replay,
        replay: ofCalls(replay.replay),
        calls: ofCalls(replay.calls),
        longAnswers: ofCalls(replay.longAnswers),
      };
    },
    events: ofCalls((selection: EventSelection) =>
      selected(ledger, selection, calls, attribution.touches),
    ),
  };
}

/** A question about single calls. Their tags come from several places, so that none of these is theirs. */
const ofCalls =
  <Query extends { readonly where: readonly Filter[] }, Answer>(ask: (query: Query) => Answer) =>
  (query: Query): Answer => {
    if (query.where.some(({ dimension }) => dimension.name === SOURCE_DIMENSION))
      throw new UserError(`--where: ${SOURCE_DIMENSION} is told of sums of spend, not of calls`, {
        hint: `aicost report --by team,${SOURCE_DIMENSION} shows it; aicost explain tells it for every tag of a call.`,
      });
    return ask(query);
  };

/** The same with the files that rules stand in as people find them. */
const withShownRules = (given: GivenTags, shown: (file: string) => string): GivenTags =>
  new Map(
    [...given].map(([name, { rule, ...tag }]) => [
      name,
      rule === undefined ? tag : { ...tag, rule: { ...rule, file: shown(rule.file) } },
    ]),
  );

function withTags(stored: StoredEvent, given: GivenTags): StoredEvent {
  if (given.size === 0) return stored;
  const values = [...given].map(([name, { value }]) => [name, value] as const);
  const tags = Object.fromEntries([...Object.entries(stored.event.tags), ...values]);
  return { ...stored, event: { ...stored.event, tags } };
}

/** How many calls are looked at together. */
const BATCH = 2000;
/** How many calls are looked at for each that is asked for, at first. */
const LOOKAHEAD = 64;

/** The events of a selection whose filters may be on what rules say, which only the calls themselves can tell. */
function* selected(
  ledger: LedgerToRead,
  selection: EventSelection,
  { fitting }: AttributedCalls,
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
    for (const batch of batches(ledger.events({ ...all, where }))) yield* fitting(batch, ruled);
    return;
  }
  // A ranking ends after so many calls, of which the filters leave fewer: it is asked for more until they are enough.
  for (let asked = limit * LOOKAHEAD; ; asked *= LOOKAHEAD) {
    const seen = [...ledger.events({ ...all, where, limit: asked })];
    const found = fitting(seen, ruled);
    if (found.length < limit && seen.length === asked) continue;
    yield* found.slice(0, limit);
    return;
  }
}

function* batches<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
