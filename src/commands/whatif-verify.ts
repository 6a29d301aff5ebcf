import { Command } from 'commander';
import { resolve } from 'node:path';
import { leverEffect, NO_SCORES, type Scores, verdictOn } from '../domain/lever-effect.ts';
import type { Dimension, Filter, Span } from '../domain/spend.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Score } from '../ingest/score-file.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { ScoreSides } from '../reports/verify-report.ts';
import type { Runtime } from '../runtime.ts';
import { attributedLedger } from './attributed-ledger.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import {
  filtersOf,
  type OutputFlags,
  parseBy,
  positiveInteger,
  repeated,
  withLedger,
  withOutput,
} from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';
import { effectSpans, type SpanFlags } from './verify-spans.ts';

interface VerifyFlags extends SpanFlags, OutputFlags, CostFlags {
  readonly where?: readonly string[];
  readonly mix?: ReturnType<typeof parseBy>;
  readonly minCalls: number;
  readonly score?: string;
}

/** Levers that change which model answers: the mix cannot be held over it. */
const MOVES_MODELS = ['downshift', 'route', 'reprice', 'self-host'];

/** `aicost whatif verify`: whether a lever did what it should, at equal mix, and at what quality. */
export function verifyCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('verify')
    .description(
      'Whether a lever worked: cost of a call before and after at equal mix. Exits 1\nwhere it is not a saving, 3 where nobody can tell.',
    )
    .argument(
      '[lever]',
      'what was done: downshift, trim, ...; the mix is not held over\nmodels where the lever moves them',
    )
    .optionsGroup('When and which:')
    .option('--at <day>', 'when it began; as long before is compared with after')
    .option('--before <period>', 'or both spans: last-month, 2026-10, A..B')
    .option('--after <period>', 'and the one after')
    .option('--timezone <zone>', 'zone of days, such as Europe/Berlin')
    .option('--where <key=value>', 'only these; != too, * is any, empty is untagged', repeated)
    .optionsGroup('What:')
    .option('--mix <names>', 'held alike (default: feature,operation,model)', parseBy)
    .option('--min-calls <n>', 'fewest in each span', positiveInteger, 30)
    .option('--score <file>', 'CSV of scores: score, and id or time');
  return withOutput(withLedger(withCost(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost whatif verify downshift --at 2026-11-10 --where feature=search
  $ aicost whatif verify --before 2026-09 --after 2026-10 --score eval.csv`,
    )
    .action(async (lever: string | undefined, flags: VerifyFlags) => {
      if (lever !== undefined) await checkLever(lever);
      const session = await openSession(runtime, flags);
      const clock = { now: runtime.now(), timeZone: session.timeZone };
      const where = filtersOf(flags.where);
      const mix = mixOf(flags, lever);
      const scores = await scoresOf(flags, runtime);
      const ledger = await attributedLedger(
        await session.openForReading({ sumsOnly: true }),
        session.tagRules,
      );
      try {
        const [{ openCostView }, { verifyReport }] = await Promise.all([
          import('./cost-view.ts'),
          import('../reports/verify-report.ts'),
        ]);
        const view = await openCostView(flags.cost, session, ledger, clock.now);
        const days = (span: Span) =>
          view.spend({ span, by: [], grain: 'day', timeZone: clock.timeZone, where }).rows;
        const spans = effectSpans(flags, clock, days);
        const [before, after] = [spans.before, spans.after].map(
          (span) => view.spend({ span, by: mix, timeZone: clock.timeZone, where }).rows,
        );
        const effect = leverEffect(before ?? [], after ?? []);
        const sides =
          scores === undefined ? undefined : scoreSides(scores, spans, { ledger, where });
        const leastCalls = BigInt(flags.minCalls);
        const verdict = verdictOn(effect, leastCalls, sides);
        const { timeZone } = clock;
        const of = { effect, verdict, mix, spans, timeZone, leastCalls, scores: sides };
        await printAnswer(verifyReport(of), flags, runtime);
        finish(EXIT[verdict]);
      } finally {
        ledger.close();
      }
    });
}

/** Throws UserError when there is no such lever. */
async function checkLever(lever: string): Promise<void> {
  const [{ leverNames }, { nearest }] = await Promise.all([
    import('../whatif/lever-folder.ts'),
    import('../domain/nearest.ts'),
  ]);
  const names = [...new Set([...(await leverNames()), ...MOVES_MODELS])].sort();
  if (names.includes(lever)) return;
  const close = nearest(lever, names);
  throw new UserError(`there is no lever "${lever}"`, {
    hint: `${close === undefined ? '' : `Did you mean ${close}? `}Levers: ${names.join(', ')}.`,
  });
}

const EXIT = {
  saving: ExitCode.ok,
  'no-saving': ExitCode.checkFailed,
  'lower-score': ExitCode.checkFailed,
  'no-scores': ExitCode.undecided,
  'too-few-calls': ExitCode.undecided,
} as const;

/** What the mix is held over. Throws UserError. */
function mixOf({ mix }: VerifyFlags, lever: string | undefined): readonly Dimension[] {
  if (mix?.grain !== undefined)
    throw new UserError(`--mix: ${mix.grain} is a step of time, not a kind of call`, {
      hint: 'For example --mix feature,model.',
    });
  if (mix !== undefined) return mix.by;
  const plain: readonly Dimension[] = [
    { kind: 'tag', name: 'feature' },
    { kind: 'fact', name: 'operation' },
  ];
  return lever !== undefined && MOVES_MODELS.includes(lever)
    ? plain
    : [...plain, { kind: 'fact', name: 'model' }];
}

async function scoresOf(
  { score }: VerifyFlags,
  runtime: Runtime,
): Promise<readonly Score[] | undefined> {
  if (score === undefined) return undefined;
  const { readScores } = await import('../ingest/score-file.ts');
  return readScores({ path: resolve(runtime.cwd, score), shownAs: score });
}

/** The scores of each span; a score of a call counts when it, like a call, fits the filters. */
function scoreSides(
  scores: readonly Score[],
  spans: { readonly before: Required<Span>; readonly after: Required<Span> },
  { ledger, where }: { readonly ledger: LedgerToRead; readonly where: readonly Filter[] },
): ScoreSides {
  const timeOf = ({ of }: Score): number | undefined => {
    if ('time' in of) return of.time;
    for (const { event } of ledger.events({ span: {}, where, id: of.id, order: 'time' }))
      return event.time;
    return undefined;
  };
  const sides = { before: { ...NO_SCORES }, after: { ...NO_SCORES } };
  let elsewhere = 0;
  const within = ({ start, end }: Required<Span>, time: number): boolean =>
    start <= time && time < end;
  for (const score of scores) {
    const time = timeOf(score);
    const side =
      time === undefined
        ? undefined
        : within(spans.after, time)
          ? 'after'
          : within(spans.before, time)
            ? 'before'
            : undefined;
    if (side === undefined) elsewhere += 1;
    else sides[side] = withScore(sides[side], score.value);
  }
  return { ...sides, elsewhere };
}

const withScore = ({ count, sum }: Scores, value: bigint): Scores => ({
  count: count + 1n,
  sum: sum + value,
});
