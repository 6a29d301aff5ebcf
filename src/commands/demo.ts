import { counted } from '../domain/words.ts';
import { Command } from 'commander';
import { join, resolve } from 'node:path';
import type { Runtime } from '../runtime.ts';
import { parseBy, type OutputFlags, withOutput } from './flags.ts';
import { dataFolder, shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface DemoFlags extends OutputFlags {
  readonly dir?: string;
}

/** `aicost demo`: a month of invented logs, taken through the real path. */
export function demoCommand(runtime: Runtime): Command {
  const command = new Command('demo')
    .description(
      'Writes a month of invented logs in five formats, ingests them into a ledger of\ntheir own and reports on it. The same numbers on every machine; your own ledger\nis not touched.',
    )
    .option(
      '--dir <folder>',
      'where to write logs and ledger (default: demo/ in your data folder)',
    );
  return withOutput(command)
    .addHelpText('after', `\nExamples:\n  $ aicost demo\n  $ aicost demo --dir ./demo && ls ./demo`)
    .action((flags: DemoFlags) => runDemo(flags, runtime));
}

async function runDemo(flags: DemoFlags, runtime: Runtime): Promise<void> {
  const [{ inventedMonth, MONTH_START, MONTH_END }, { ingest }, { spendReport }, files] =
    await Promise.all([
      import('../demo/invented-month.ts'),
      import('../ingest/ingest.ts'),
      import('../reports/spend-report.ts'),
      import('node:fs'),
    ]);
  const folder =
    flags.dir === undefined ? join(dataFolder(runtime), 'demo') : resolve(runtime.cwd, flags.dir);
  const logs = join(folder, 'logs');
  const ledgerFile = join(folder, 'ledger.db');
  files.mkdirSync(logs, { recursive: true, mode: 0o700 });
  for (const suffix of ['', '-wal', '-shm'])
    files.rmSync(`${ledgerFile}${suffix}`, { force: true });
  for (const { name, lines } of inventedMonth())
    files.writeFileSync(join(logs, name), `${lines.join('\n')}\n`, { mode: 0o600 });
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
  aicost top --ledger ${path}`);
}
