import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { Decimal, Money } from '../domain/money.ts';
import { UserError } from '../errors.ts';
import type { DutyUnit } from '../ingest/duty-file.ts';
import type { Runtime } from '../runtime.ts';
import { dollarsFlag, shareFlag } from './amount-flags.ts';
import { type OutputFlags, positiveInteger, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';

interface GpuFlags extends OutputFlags {
  readonly duty: string;
  readonly unit: DutyUnit;
  readonly targetUtilisation?: Decimal;
  readonly gpuHour?: Money;
  readonly top: number;
}

/** What a pod may be busy on average where nobody says otherwise. */
const TARGET: Decimal = { digits: 6n, scale: 1 };

/** `aicost whatif gpu`: how many of own GPU pods the work needs, from samples of how busy they are. */
export function gpuCommand(runtime: Runtime): Command {
  const command = new Command('gpu')
    .description(
      'How busy own GPU pods are, how many the work needs, and what idling costs:\nfrom a CSV with a column pod, a column duty and, if there is one, time.',
    )
    .optionsGroup('What:')
    .requiredOption('--duty <file>', 'CSV of samples, also .gz')
    .addOption(
      new Option('--unit <unit>', 'what duty is written in')
        .choices(['percent', 'share'])
        .default('percent'),
    )
    .option('--target-utilisation <share>', 'how busy a pod may be (default: 60%)', shareFlag)
    .option('--gpu-hour <usd>', "price of one pod's GPU for an hour", dollarsFlag)
    .addOption(new Option('--top <n>', 'pods to list').argParser(positiveInteger).default(10));
  return withOutput(command)
    .addHelpText(
      'after',
      `
Examples:
  $ aicost whatif gpu --duty duty.csv --gpu-hour 2.50
  $ aicost whatif gpu --duty duty.csv --target-utilisation 70% --format json`,
    )
    .action(async (flags: GpuFlags) => {
      const [{ readDutySamples }, { fleetCost, openDutyTally }, { dutyReport }] = await Promise.all(
        [
          import('../ingest/duty-file.ts'),
          import('../domain/duty-cycles.ts'),
          import('../reports/duty-report.ts'),
        ],
      );
      const file = { path: resolve(runtime.cwd, flags.duty), shownAs: flags.duty };
      const tally = openDutyTally();
      const { empty } = await readDutySamples(file, flags.unit, tally.add);
      const target = flags.targetUtilisation ?? TARGET;
      const cycles = tally.result(target);
      if (cycles === undefined)
        throw new UserError('no row has a pod and a duty', { origin: { file: flags.duty } });
      const { gpuHour: hour } = flags;
      const price = hour === undefined ? {} : { price: { hour, cost: fleetCost(cycles, hour) } };
      const own = { file: flags.duty, emptyRows: empty, top: flags.top };
      await printAnswer(dutyReport({ cycles, target, ...own, ...price }), flags, runtime);
    });
}
