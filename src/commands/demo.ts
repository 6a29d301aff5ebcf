import { counted } from '../domain/words.ts';
import { Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, parseBy, positiveInteger, withOutput } from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface DemoFlags extends OutputFlags {
  readonly dir?: string;
  readonly live?: boolean;
  readonly rate?: number;
}

/** `aicost demo`: a month of invented logs, taken through the real path. */
export function demoCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('demo')
    .description(
      'Writes a month of invented logs in five formats, ingests them into a ledger of\ntheir own and reports on it. The same numbers on every machine; your own ledger\nis not touched.',
    )
    .option(
      '--dir <folder>',
      'where to write logs and ledger (default: demo/ in your data folder)',
    );
  command
    .option('--live', 'go on with invented calls of now, and watch them come in')
    .option('--rate <calls>', 'calls a second of --live', callsASecond, 5);
  return withOutput(command)
    .addHelpText(
      'after',
      `
Examples:
  $ aicost demo
  $ aicost demo --dir ./demo && ls ./demo
  $ aicost demo --live --rate 50`,
    )
    .action(async (flags: DemoFlags) => {
      if (flags.live !== true) return runDemo(flags, runtime);
      const { liveDemo } = await import('./demo-live.ts');
      finish(await liveDemo(flags.dir, flags.rate ?? 5, flags, runtime));
    });
}

function callsASecond(text: string): number {
  const calls = positiveInteger(text);
  if (calls > 10_000) throw new InvalidArgumentError('expected at most 10000.');
  return calls;
}

async function runDemo(flags: DemoFlags, runtime: Runtime): Promise<void> {
  const [
    { inventedMonth, MONTH_START, MONTH_END },
    { makeDemoFolder },
    { ingest },
    { spendReport },
  ] = await Promise.all([
    import('../demo/invented-month.ts'),
    import('./demo-folder.ts'),
    import('../ingest/ingest.ts'),
    import('../reports/spend-report.ts'),
  ]);
  const { logs, ledger: ledgerFile } = makeDemoFolder(flags.dir, 'demo', inventedMonth(), runtime);
  const session = await openSession(runtime, { ...flags, ledger: ledgerFile });
  session.say(`logs in ${logs}`);
  const ledger = await session.openForWriting();
  try {
    const counts = await ingest(
      { paths: [logs], cwd: runtime.cwd, stdin: runtime.stdin, additions: { tags: {} } },
      ledger,
    );
    session.say(
      `${counted(counts.records, 'record')} of ${counted(counts.files, 'file')} ingested into ${ledgerFile}\n`,
    );
    const { by } = parseBy('feature');
    const span = { start: MONTH_START, end: MONTH_END };
    const answer = ledger.spend({ span, by, timeZone: 'UTC', where: [] });
    const cards = ledger.ratedCards() ?? { asOf: '', digest: '' };
    await printAnswer(
      spendReport(
        answer,
        { by, span, timeZone: 'UTC', sort: 'cost', cost: 'list', where: [] },
        cards,
      ),
      flags,
      runtime,
    );
  } finally {
    ledger.close();
  }
  const path = shownPath(ledgerFile, runtime.cwd);
  session.say(`\nAsk it more:
  aicost report --by team,customer --ledger ${path}
  aicost report --by week,model --ledger ${path}
  aicost trace ticket-1042 --ledger ${path}
  aicost audit --ledger ${path}
  aicost top --ledger ${path}`);
}
