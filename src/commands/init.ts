import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { globMatcher } from '../domain/globs.ts';
import { nearest } from '../domain/nearest.ts';
import { tagNamed } from '../domain/required-tags.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { AuditSubject } from '../reports/audit-section.ts';
import type { Runtime } from '../runtime.ts';
import { withLedger } from './flags.ts';
import { shownPath } from './places.ts';
import { type CommonFlags, openSession, type Session } from './session.ts';

interface InitFlags extends CommonFlags {
  readonly print?: boolean;
  readonly force?: boolean;
  readonly schema?: boolean;
  readonly workflow?: string;
}

/** `aicost init`: an aicost.yaml from what the ledger holds, to be filled in. */
export function initCommand(runtime: Runtime): Command {
  const command = new Command('init')
    .description(
      'Writes aicost.yaml from what the ledger holds: tags to require, values that mean\none thing, keys and owners to fill in. Without a ledger, a file to begin with.\nNever replaces a file that is there, unless --force.',
    )
    .optionsGroup('How:')
    .option('--print', 'print it instead of writing it')
    .option('--force', 'replace the file that is there')
    .option('--workflow <name>', 'require tags of one workflow, to begin with')
    .option('--schema', 'print the JSON Schema of aicost.yaml, for editors')
    .option('--timezone <zone>', 'zone of days and months, written into the file')
    .option('--quiet', 'say nothing on stderr');
  return withLedger(command)
    .addHelpText(
      'after',
      `
Examples:
  $ aicost init
  $ aicost init --print --ledger team.db
  $ aicost init --workflow checkout --timezone Europe/Berlin
  $ aicost init --schema > aicost.schema.json`,
    )
    .action((flags: InitFlags) => runInit(flags, runtime));
}

async function runInit(flags: InitFlags, runtime: Runtime): Promise<void> {
  if (flags.schema === true) {
    const { readSettingsSchema } = await import('../config/schema-files.ts');
    runtime.out(readSettingsSchema());
    return;
  }
  const file = resolve(runtime.cwd, flags.config ?? 'aicost.yaml');
  // --config names the file to write here; another one upward still says where the ledger is.
  const { config: _, ...others } = flags;
  const session = await openSession(runtime, others);
  const write = flags.print !== true;
  if (write && flags.force !== true && existsSync(file)) throw isThere(file, runtime);
  const { initFile } = await import('../reports/init-file.ts');
  const text = await withSubject(flags, session, runtime, (subject) =>
    initFile(subject, {
      ...(flags.ledger === undefined
        ? {}
        : { ledger: relative(dirname(file), session.ledgerPath) || session.ledgerPath }),
      ...(flags.timezone === undefined ? {} : { timeZone: flags.timezone }),
      ...(flags.workflow === undefined ? {} : { workflow: flags.workflow }),
    }),
  );
  if (!write) {
    runtime.out(text);
    return;
  }
  try {
    writeFileSync(file, text, { flag: flags.force === true ? 'w' : 'wx' });
  } catch (cause) {
    throw new UserError(`cannot write ${shownPath(file, runtime.cwd)}`, {
      cause,
      hint: 'Name another place with --config, or print it with --print.',
    });
  }
  session.say(`wrote ${shownPath(file, runtime.cwd)}\n\nNext:\n${nextCommands(flags, session)}`);
}

const isThere = (file: string, runtime: Runtime): UserError =>
  new UserError(`${shownPath(file, runtime.cwd)} is there already`, {
    hint: '--print shows what would be written, --force replaces the file.',
  });

const nextCommands = ({ workflow }: InitFlags, { ledgerPath }: Session): string => {
  const narrowed = workflow === undefined ? '' : ` --where workflow=${workflow}`;
  const commands = existsSync(ledgerPath)
    ? [`audit${narrowed}`, `report --by team,feature${narrowed}`, 'audit --show inventory']
    : ['ingest logs/', `report --by feature${narrowed}`, `audit${narrowed}`];
  return commands.map((line) => `  aicost ${line}`).join('\n');
};

/** Hands over the ledger as it was logged, or nothing where there is none. Throws UserError. */
async function withSubject<Made>(
  flags: InitFlags,
  session: Session,
  runtime: Runtime,
  make: (subject: AuditSubject | undefined) => Made,
): Promise<Made> {
  if (flags.ledger === undefined && !existsSync(session.ledgerPath)) return make(undefined);
  const ledger = await session.openForReading();
  try {
    const { workflow } = flags;
    const dimension = tagNamed('workflow');
    const only = workflow === undefined ? [] : [{ dimension, negated: false, pattern: workflow }];
    if (workflow !== undefined) mustHaveWorkflow(ledger, workflow);
    const ask: AuditSubject['ask'] = ({ by, where = [] }) =>
      ledger.spend({ by, span: {}, timeZone: session.timeZone, where: [...only, ...where] });
    const subject: AuditSubject = {
      ask,
      askRaw: ask,
      askInferring: undefined,
      span: {},
      timeZone: session.timeZone,
      asOf: runtime.now(),
      policy: { requirements: [], allowed: new Map() },
      owners: [],
      tagKeys: ledger.tagKeys(),
    };
    return make(subject);
  } finally {
    ledger.close();
  }
}

/** Throws UserError when no call has the workflow, with the one that was most likely meant. */
function mustHaveWorkflow({ spend }: LedgerToRead, workflow: string): void {
  const by = [tagNamed('workflow')];
  const { rows } = spend({ by, span: {}, timeZone: 'UTC', where: [] });
  const known = rows.flatMap(({ key }) => key[0] ?? []);
  if (known.some(globMatcher(workflow))) return;
  const close = nearest(workflow, known);
  throw new UserError(`--workflow: no call has workflow "${workflow}"`, {
    hint:
      close === undefined ? 'aicost report --by workflow lists them.' : `Did you mean ${close}?`,
  });
}
