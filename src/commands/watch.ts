import { Command, InvalidArgumentError, Option } from 'commander';
import { ExitCode, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { DIMENSIONS, SPANS, type WatchedDimension, type WatchedSpan } from '../watch/snapshot.ts';
import type { Watching } from '../watch/live/watching.ts';
import { attributedLedger } from './attributed-ledger.ts';
import { repeated, withLedger } from './flags.ts';
import { shownPath } from './places.ts';
import { screenOf } from './print-answer.ts';
import { type CommonFlags, openSession } from './session.ts';

interface WatchFlags extends CommonFlags {
  readonly by: WatchedDimension;
  readonly span: WatchedSpan;
  readonly agents?: boolean;
  readonly once?: boolean;
  readonly interval?: number;
  readonly map?: string;
  readonly adapter?: string;
  readonly tag?: readonly string[];
}
/** The flags of watch, as commander hands them over: --no-ledger is `ledger: false`. */
export type WatchOptions = Omit<WatchFlags, 'ledger'> & { readonly ledger?: string | false };

/** `aicost watch`: spend as it happens. */
export function watchCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('watch')
    .description(
      'Follows logs into the ledger and shows where money goes now: keys on the screen\nsay what they do. In a pipe it prints a line every interval instead.',
    )
    .argument('[paths...]', 'files, folders and patterns to follow; none to watch the ledger')
    .optionsGroup('What:')
    .addOption(
      new Option('--by <name>', 'what the list is about')
        .choices([...DIMENSIONS])
        .default('feature'),
    )
    .addOption(
      new Option('--span <time>', 'which time the list is about')
        .choices([...SPANS])
        .default('today'),
    )
    .option('--once', 'print one frame and end')
    .option('--interval <seconds>', 'seconds between looks, or between lines in a pipe', seconds)
    .optionsGroup('How to read:')
    .option('--agents', "follow the logs of this machine's coding agents")
    .option('--adapter <name>', 'read as this format instead of finding it')
    .option('--map <file>', 'read any JSONL or CSV as this mapping file says')
    .option('--tag <key=value>', 'tag every event that has no such tag; repeatable', repeated);
  return withLedger(command)
    .option('--no-ledger', 'keep it in memory, and leave nothing behind')
    .option('--timezone <zone>', 'zone of days and hours, such as Europe/Berlin')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText(
      'after',
      `
Examples:
  $ aicost watch logs/
  $ aicost watch --agents --by model
  $ aicost watch app.jsonl --no-ledger --once
  $ aicost watch logs/ --interval 60 >> spend.log`,
    )
    .action(async (paths: readonly string[], flags: WatchOptions) => {
      const code = await runWatch(paths, flags, runtime);
      finish(code);
    });
}

/** Follows and shows until it is stopped. Throws UserError for flags that do not fit. */
export async function runWatch(
  paths: readonly string[],
  flags: WatchOptions,
  runtime: Runtime,
): Promise<ExitCode> {
  const { presentAgents, readingOf } = await import('./reading-flags.ts');
  const agents = flags.agents === true ? await presentAgents(runtime) : [];
  const followed = [...paths, ...agents.map(({ path }) => path)];
  const inMemory = flags.ledger === false;
  mustBeWatchable(followed, inMemory);
  // Whoever wants one frame does not wait for what may come.
  if (flags.once === true)
    await (await import('../ingest/find-files.ts')).findFiles(followed, runtime.cwd);
  const { ledger: file, ...rest } = flags;
  const common: CommonFlags = typeof file === 'string' ? { ...rest, ledger: file } : rest;
  const session = await openSession(runtime, common);
  const reading = await readingOf({ ...rest, tag: flags.tag ?? [] }, runtime, session.timeZone);
  const [{ createStore }, { firstState }, { watch }] = await Promise.all([
    import('../watch/live/store.ts'),
    import('../watch/state.ts'),
    import('../watch/live/watching.ts'),
  ]);
  const opened = inMemory
    ? { ledger: await session.openForWriting(':memory:'), ready: () => Promise.resolve() }
    : await session.openForIngest();
  const { ledger, ready } = opened;
  // What other calls of a run say would have to be looked up among all of them, twice a second.
  const asked = await attributedLedger(ledger, session.tagRules, { infer: false });
  const store = createStore(firstState(flags.by, flags.span));
  const { terminal } = runtime;
  // A screen that takes no keys, as under `docker run -t`, would show keys that do nothing.
  const live = terminal.in && terminal.out && flags.once !== true;
  const interval = (flags.interval ?? (live ? LOOK_SECONDS : LINE_SECONDS)) * 1000;
  const begin = (more: { readonly onLook?: () => void } = {}): Watching =>
    watch({
      paths: followed,
      cwd: runtime.cwd,
      ...reading,
      ready,
      interval,
      now: runtime.now,
      sleep: runtime.wait,
      ledger,
      asked,
      store,
      timeZone: session.timeZone,
      once: flags.once === true,
      ...more,
    });
  const shown = {
    store,
    color: screenOf(runtime, rest).color,
    ledger: inMemory ? 'in memory' : shownPath(ledger.path, runtime.cwd),
  };
  try {
    if (flags.once === true) {
      await begin().done;
      const { frameText } = await import('../watch/frame.tsx');
      runtime.out(
        frameText(
          { ...shown, state: store.state() },
          { width: runtime.columns, height: FRAME_ROWS },
        ),
      );
      return ExitCode.ok;
    }
    return live
      ? await watchOnScreen(begin, shown, runtime)
      : await watchInLines(begin, store, runtime);
  } finally {
    ledger.close();
  }
}

function mustBeWatchable(paths: readonly string[], inMemory: boolean): void {
  if (paths.includes('-'))
    throw new UserError('a pipe cannot be watched', { hint: 'Read it: ... | aicost ingest -' });
  if (inMemory && paths.length === 0)
    throw new UserError('nothing to watch', { hint: 'Name files or folders: aicost watch logs/' });
}

/** Often enough to be current within a second. */
const LOOK_SECONDS = 0.5;
/** Between two lines in a pipe. */
const LINE_SECONDS = 10;
/** Rows of a frame that no terminal asks for. */
const FRAME_ROWS = 24;

async function watchOnScreen(
  begin: () => Watching,
  shown: {
    readonly store: Parameters<typeof import('../watch/live/app.tsx').show>[0]['store'];
    readonly color: boolean;
    readonly ledger: string;
  },
  runtime: Runtime,
): Promise<ExitCode> {
  const { show } = await import('../watch/live/app.tsx');
  const screen = show(shown, runtime.screen());
  const interrupt = (): void =>
    shown.store.dispatch({ kind: 'pressed', key: { name: 'interrupt' } });
  runtime.onInterrupt(interrupt);
  const watching = begin();
  try {
    await watching.done;
  } finally {
    screen.close();
    await screen.closed;
  }
  return shown.store.state().interrupted ? ExitCode.interrupted : ExitCode.ok;
}

async function watchInLines(
  begin: (more: { readonly onLook: () => void }) => Watching,
  store: ReturnType<typeof import('../watch/live/store.ts').createStore>,
  runtime: Runtime,
): Promise<ExitCode> {
  const { spendLine } = await import('../watch/spend-line.ts');
  let before = store.state().snapshot;
  store.subscribe(() => {
    const { snapshot } = store.state();
    if (snapshot === undefined || snapshot === before) return;
    runtime.out(`${spendLine(snapshot, before)}\n`);
    before = snapshot;
  });
  let interrupted = false;
  const watching = begin({ onLook: () => undefined });
  runtime.onInterrupt(() => {
    interrupted = true;
    watching.stop();
  });
  await watching.done;
  return interrupted ? ExitCode.interrupted : ExitCode.ok;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 0.1 || value > 86_400)
    throw new InvalidArgumentError('expected seconds from 0.1 to 86400.');
  return value;
}
