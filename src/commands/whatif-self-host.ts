import { Command, Option } from 'commander';
import { type Fraction, times } from '../domain/fraction.ts';
import { type Decimal, decimalText, type Money, money, moneyText, sum } from '../domain/money.ts';
import { nearest } from '../domain/nearest.ts';
import { hourlyCost } from '../domain/own-hardware.ts';
import type { Measured } from '../domain/own-traffic.ts';
import type { Machines } from '../domain/self-hosting.ts';
import { counted } from '../domain/words.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Answer } from '../reports/answer.ts';
import type { CostBeside } from '../reports/self-host-report.ts';
import type { Runtime } from '../runtime.ts';
import type { Assumption } from '../whatif/lever-contract/lever.ts';
import { attributedLedger } from './attributed-ledger.ts';
import { dollarsFlag, positiveDecimal, shareFlag } from './amount-flags.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import {
  filtersOf,
  type OutputFlags,
  positiveInteger,
  type SelectionFlags,
  spanOf,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { openSession, type Session } from './session.ts';

interface SelfHostFlags extends SelectionFlags, OutputFlags, CostFlags {
  readonly gpu?: string;
  readonly gpuHour?: Money;
  readonly tps?: Decimal;
  readonly tpsInput?: Decimal;
  readonly tpsOutput?: Decimal;
  readonly targetUtilisation?: Decimal;
  readonly minGpus: number;
  readonly ops?: Money;
  readonly power?: Money;
  readonly engineer?: Money;
}

/** What is left for bursts within the busiest hour where nobody says otherwise. */
const TARGET: Decimal = { digits: 6n, scale: 1 };

/** `aicost whatif self-host`: own GPUs against the API for own hourly traffic, and where they break even. */
export function selfHostCommand(runtime: Runtime): Command {
  const command = new Command('self-host')
    .description("Own or rented GPUs against the API, sized and filled by the ledger's own hours.")
    .optionsGroup('Machines:')
    .option('--gpu <pool>', 'hardware pool of your infrastructure/ files')
    .option('--gpu-hour <usd>', 'or the price of one GPU for an hour', dollarsFlag)
    .option('--tps <n>', 'tokens a second of one GPU, in and out', positiveDecimal)
    .option('--tps-input <n>', 'or input apart', positiveDecimal)
    .option('--tps-output <n>', 'and output apart', positiveDecimal)
    .option('--target-utilisation <share>', 'of the busiest hour (default: 60%)', shareFlag)
    .addOption(
      new Option('--min-gpus <n>', 'fewest that can run').argParser(positiveInteger).default(1),
    )
    .option('--ops <usd>', 'operations a month', dollarsFlag)
    .option('--power <usd>', 'power a month', dollarsFlag)
    .option('--engineer <usd>', 'people a month', dollarsFlag);
  return withOutput(withLedger(withSelection(withCost(command))))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost whatif self-host --gpu-hour 2.50 --tps 700 --where feature=search
  $ aicost whatif self-host --gpu h100-a --tps-input 9000 --tps-output 700`,
    )
    .action(async (flags: SelfHostFlags) =>
      printAnswer(await selfHosted(flags, runtime), flags, runtime),
    );
}

/** The answer of the ledger and the flags. Throws UserError, undecided where there is nothing to host. */
async function selfHosted(flags: SelfHostFlags, runtime: Runtime): Promise<Answer> {
  const throughput = throughputOf(flags);
  const [session, { ownTraffic, trafficQuery }, { selfHosting }, { selfHostReport }] =
    await Promise.all([
      openSession(runtime, flags),
      import('../domain/own-traffic.ts'),
      import('../domain/self-hosting.ts'),
      import('../reports/self-host-report.ts'),
    ]);
  const now = runtime.now();
  const span = spanOf(flags, now, session.timeZone);
  const where = filtersOf(flags.where);
  const beside = besideOf(flags);
  const machines: Machines = {
    hourPrice: await hourPriceOf(flags, session, now),
    ...throughput,
    targetUtilisation: flags.targetUtilisation ?? TARGET,
    leastAccelerators: BigInt(flags.minGpus),
    perMonth: sum(beside.map(({ perMonth }) => perMonth)),
  };
  const ledger = await attributedLedger(
    await session.openForReading({ sumsOnly: true }),
    session.tagRules,
  );
  try {
    const { openCostView } = await import('./cost-view.ts');
    const view = await openCostView(flags.cost, session, ledger, now);
    const measured = ownTraffic(view.spend(trafficQuery(span, where)).rows, span, now);
    const hosting = measured === undefined ? undefined : selfHosting(measured.traffic, machines);
    if (measured === undefined || hosting === undefined)
      throw new UserError('no call with tokens and a price is in this selection', {
        hint: 'Choose another --period or --where; aicost report shows what there is.',
        exitCode: ExitCode.undecided,
      });
    const assumptions = assumptionsOf(flags, machines, measured);
    const own = { pool: flags.gpu, span: measured.traffic.span };
    return selfHostReport({ ...measured, ...own, hosting, machines, beside, assumptions });
  } finally {
    ledger.close();
  }
}

/** How fast a GPU is, for both kinds of tokens. Throws UserError. */
function throughputOf({
  tps,
  tpsInput,
  tpsOutput,
}: SelfHostFlags): Pick<Machines, 'inputPerSecond' | 'outputPerSecond'> {
  const [input, output] = [tpsInput ?? tps, tpsOutput ?? tps];
  if (input === undefined || output === undefined)
    throw new UserError('the throughput of a GPU is missing', {
      hint: 'Measure it with your model and give --tps 700, or --tps-input and --tps-output.',
    });
  if (tps !== undefined && tpsInput !== undefined && tpsOutput !== undefined)
    throw new UserError('--tps says nothing beside --tps-input and --tps-output', {
      hint: 'Use either --tps, or the two others.',
    });
  return { inputPerSecond: input, outputPerSecond: output };
}

/** What one accelerator costs an hour, by its price or by the card of its pool. Throws UserError. */
async function hourPriceOf(
  { gpu, gpuHour }: SelfHostFlags,
  session: Session,
  now: number,
): Promise<Fraction> {
  if ((gpu === undefined) === (gpuHour === undefined))
    throw new UserError('what a GPU costs is said by --gpu or by --gpu-hour, one of them', {
      hint: 'For example --gpu-hour 2.50, or --gpu with a pool of your infrastructure/ files.',
    });
  if (gpu === undefined) return { part: gpuHour ?? 0n, over: 1n };
  const pools = await session.hardwarePools();
  const pool = pools.find(({ name }) => name === gpu);
  if (pool === undefined) {
    const names = pools.map(({ name }) => name);
    const close = nearest(gpu, names);
    throw new UserError(`--gpu: there is no hardware pool "${gpu}"`, {
      hint:
        names.length === 0
          ? 'Put a file into infrastructure/ beside your own cards, or give it to --rates; rates/infrastructure/README.md shows one.'
          : close === undefined
            ? `Known are ${names.join(', ')}.`
            : `Did you mean ${close}?`,
    });
  }
  // A pool that is still to be bought costs what it will when it runs.
  const time = Math.max(now, pool.inService ?? now);
  return times(hourlyCost(pool, time).total, 1n, BigInt(pool.accelerators));
}

const besideOf = ({ ops, power, engineer }: SelfHostFlags): readonly CostBeside[] =>
  (
    [
      ['operations', ops],
      ['power', power],
      ['people', engineer],
    ] as const
  ).flatMap(([name, perMonth]) =>
    perMonth === undefined || perMonth === 0n ? [] : [{ name, perMonth: money(perMonth) }],
  );

function assumptionsOf(
  flags: SelfHostFlags,
  machines: Machines,
  { cacheRead }: Measured,
): readonly Assumption[] {
  const text = ({ digits, scale }: Decimal): string => decimalText(digits, scale);
  const declared = (name: string, value: string, note: string): Assumption => ({
    name,
    value,
    source: 'declared',
    note,
  });
  const { inputPerSecond, outputPerSecond, targetUtilisation } = machines;
  return [
    declared('input tokens a second', text(inputPerSecond), 'of one GPU'),
    declared('output tokens a second', text(outputPerSecond), 'of one GPU'),
    declared(
      'GPU hour',
      flags.gpu === undefined ? `$${moneyText(flags.gpuHour ?? money(0n))}` : `pool ${flags.gpu}`,
      flags.gpu === undefined ? 'as given' : 'all parts of its hour on the card',
    ),
    {
      name: 'target utilisation',
      value: text(targetUtilisation),
      source: flags.targetUtilisation === undefined ? 'assumed' : 'declared',
      note: 'the rest of the busiest hour is for bursts within it',
    },
    ...(flags.minGpus === 1 ? [] : [declared('least GPUs', String(flags.minGpus), 'as given')]),
    ...besideOf(flags).map(({ name, perMonth }) =>
      declared(name, `$${moneyText(perMonth)} a month`, 'a month is 30.4375 days'),
    ),
    ...(cacheRead === 0n
      ? []
      : [
          {
            name: 'cached input',
            value: counted(cacheRead, 'token'),
            source: 'assumed',
            note: 'processed anew, as a server without prefix cache does',
          } satisfies Assumption,
        ]),
  ];
}
