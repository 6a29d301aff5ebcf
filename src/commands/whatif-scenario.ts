import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Written, WrittenLever, WrittenScenario } from '../config/scenario-file.ts';
import { sum } from '../domain/money.ts';
import { monthScale } from '../domain/month-scale.ts';
import { type Origin, UserError } from '../errors.ts';
import type { Answer } from '../reports/answer.ts';
import type { Runtime } from '../runtime.ts';
import type { Lever } from '../whatif/lever-contract/lever.ts';
import type { PulledLever, Scenario } from '../whatif/scenario.ts';
import {
  filtersOf,
  type OutputFlags,
  type SelectionFlags,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { shareOf } from './whatif-lever.ts';
import { openSelection } from './whatif-selection.ts';

interface ScenarioFlags extends SelectionFlags, OutputFlags {}

/** `aicost whatif scenario FILE`: several sets of levers beside the requests as they are. */
export function scenarioCommand(runtime: Runtime): Command {
  const command = new Command('scenario')
    .description(
      'Scenarios of a YAML file side by side: each is a list of levers that are pulled\ntogether, on all requests or on those that fit its own where.',
    )
    .argument('<file>', 'scenarios, see README');
  return withOutput(withLedger(withSelection(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost whatif scenario scenario.yaml --period last-month
  $ aicost whatif scenario scenario.yaml --where team=search --format json`,
    )
    .action(async (file: string, flags: ScenarioFlags) =>
      printAnswer(await compared(file, flags, runtime), flags, runtime),
    );
}

async function compared(file: string, flags: ScenarioFlags, runtime: Runtime): Promise<Answer> {
  const scenarios = await readScenarios(file, runtime);
  const [{ leverWorld, lengthOf }, { runScenarios }, { scenarioReport }] = await Promise.all([
    import('./whatif-run.ts'),
    import('../whatif/scenario.ts'),
    import('../reports/scenario-report.ts'),
  ]);
  const { session, span, where, ledger } = await openSelection(flags, runtime);
  const { timeZone } = session;
  try {
    const world = await leverWorld({ span, where }, { flags, session, ledger, runtime });
    const extent = world.ledger.extent();
    const comparison = await runScenarios(scenarios, world);
    const { rows, books } = ledger.spend({ span, where, by: [], timeZone });
    const cost = sum(rows.map((row) => row.cost));
    return scenarioReport(comparison, {
      file,
      span,
      timeZone,
      month: extent && monthScale(lengthOf(span, extent, timeZone, runtime.now())),
      cards: ledger.ratedCards() ?? { asOf: '', digest: '' },
      ...(cost === comparison.before ? {} : { reported: { cost, closed: books.closed } }),
    });
  } finally {
    ledger.close();
  }
}

/** The scenarios of a file with their levers. Throws UserError, located. */
async function readScenarios(file: string, runtime: Runtime): Promise<readonly Scenario[]> {
  const [{ decodeScenarios }, { leverNames, loadLever }, { flagName, wordNames }] =
    await Promise.all([
      import('../config/scenario-file.ts'),
      import('../whatif/lever-folder.ts'),
      import('../whatif/asked-flags.ts'),
    ]);
  const all = await Promise.all((await leverNames()).map(loadLever));
  const levers = new Map(all.map((lever) => [lever.name, lever]));
  const flagsOf = new Map(
    all.map((lever) => [lever.name, [...lever.flags.map(flagName), ...wordNames(lever)]]),
  );
  const written = decodeScenarios(textOf(file, runtime), file, flagsOf);
  return Promise.all(
    written.map(async ({ name, levers: own }: WrittenScenario): Promise<Scenario> => ({
      name,
      levers: await Promise.all(own.map((each) => pulled(each, levers.get(each.lever)))),
    })),
  );
}

function textOf(file: string, runtime: Runtime): string {
  try {
    return readFileSync(resolve(runtime.cwd, file), 'utf8');
  } catch (cause) {
    throw new UserError('no such file, or no permission to read it', { origin: { file }, cause });
  }
}

async function pulled(written: WrittenLever, lever: Lever | undefined): Promise<PulledLever> {
  const { askedFlags, wordNames } = await import('../whatif/asked-flags.ts');
  const { flags, origin, share, where } = written;
  return {
    lever: written.lever,
    where: where.flatMap((condition) =>
      located(condition.origin, () => filtersOf([condition.text])),
    ),
    share: share === undefined ? { part: 1n, over: 1n } : shareWritten(share),
    async plan(world) {
      if (lever === undefined) throw new Error(`no lever ${written.lever}`);
      try {
        const words = wordNames(lever).flatMap((name) => flags.get(name) ?? []);
        return await lever.plan(askedFlags(flags, words), world);
      } catch (error) {
        throw placed(error, origin);
      }
    },
  };
}

const shareWritten = ({ text, origin }: Written) =>
  located(origin, () => {
    try {
      return shareOf(text).value;
    } catch {
      throw new UserError(`share: expected a part such as 60% or 0.6, found "${text}"`);
    }
  });

function located<Value>(origin: Origin, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw placed(error, origin);
  }
}

/** An error of a flag at the place in the file that stands for it. */
const placed = (error: unknown, origin: Origin): unknown =>
  error instanceof UserError && error.origin === undefined
    ? new UserError(error.message, {
        origin,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        exitCode: error.exitCode,
        cause: error,
      })
    : error;
