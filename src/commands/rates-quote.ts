import { Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { tokenMeter } from '../domain/meters.ts';
import { providerName, providerOfModel } from '../domain/provider-names.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { RateBook } from '../domain/rate-book.ts';
import type { Contract } from '../domain/contract.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, repeated, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { loadCards, type RatesFlags, withRates } from './rates-cards.ts';

interface QuoteFlags extends OutputFlags, RatesFlags {
  readonly provider?: string;
  readonly at?: string;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly tier?: string;
  readonly region?: string;
  readonly meter?: readonly string[];
  readonly contract?: readonly string[];
  readonly stdin?: boolean;
}

const whole = (text: string): number => {
  if (!/^\d{1,15}$/.test(text))
    throw new InvalidArgumentError('expected a whole number of tokens.');
  return Number(text);
};

/** `aicost rates quote`: what a call would cost, or thousands of them from a pipe. */
export function quoteCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const tokens = (flags: string, description: string): Option =>
    new Option(flags, description).argParser(whole).default(0);
  const command = new Command('quote')
    .description(
      'What a call costs by the cards. Quantities do not overlap: --input excludes\ncached tokens.',
    )
    .argument('[model]', 'id or alias')
    .optionsGroup('The call:')
    .option('--provider <name>', 'who is called (default: the maker of the model)')
    .option('--at <when>', 'when: a day or a time UTC (default: now)')
    .addOption(tokens('--input <tokens>', 'fresh input'))
    .addOption(tokens('--cache-read <tokens>', 'input read from cache'))
    .addOption(tokens('--cache-write <tokens>', 'input written to cache'))
    .addOption(tokens('--output <tokens>', 'output, reasoning included'))
    .option('--tier <name>', 'service tier: batch, flex, priority, fast')
    .option('--region <name>', 'region or inference geography')
    .option('--meter <name=n>', 'any other: cache_write@1h=500, web_search=2; repeatable', repeated)
    .option('--contract <file>', 'negotiated terms over list prices; repeatable', repeated)
    .option('--stdin', 'JSON cases, one a line; a JSON quote a line comes out');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates quote gpt-5.4 --input 20000 --cache-read 100000 --output 4000
  $ aicost rates quote o3 --input 10000 --output 2000 --at 2025-06-01
  $ aicost rates quote --stdin < cases.jsonl`,
    )
    .action(async (model: string | undefined, flags: QuoteFlags) => {
      const [{ createRateBook }, { readContract }] = await Promise.all([
        import('../domain/rate-book.ts'),
        import('../config/contract-file.ts'),
      ]);
      const { cards, deployments } = await loadCards(runtime, flags);
      const book = createRateBook(cards, undefined, deployments);
      const contracts = (flags.contract ?? []).map((file) =>
        readContract(resolve(runtime.cwd, file)),
      );
      if (flags.stdin === true) return quoteStream(runtime, book, contracts, finish);
      if (model === undefined)
        throw new UserError('name a model, or pass cases with --stdin', {
          hint: 'For example: aicost rates quote gpt-5.4 --input 20000',
        });
      const { indexModels } = await import('../domain/model-lookup.ts');
      const having = [...cards.values()]
        .filter((card) => indexModels(card).find(model) !== undefined)
        .map(({ provider }) => provider);
      const maker = providerOfModel(model);
      const provider =
        (flags.provider === undefined ? undefined : providerName(flags.provider)) ??
        (having.includes(maker) || having.length === 0 ? maker : having[0]);
      if (flags.provider === undefined && having.length > 1 && provider !== maker)
        throw new UserError(`several providers have ${model}: ${having.join(', ')}`, {
          hint: 'Choose one with --provider.',
        });
      await quoteOne(model, provider ?? maker, flags, { runtime, book, contracts });
    });
}

async function quoteOne(
  model: string,
  provider: string,
  flags: QuoteFlags,
  {
    runtime,
    book,
    contracts,
  }: {
    readonly runtime: Runtime;
    readonly book: RateBook;
    readonly contracts: readonly Contract[];
  },
): Promise<void> {
  const [{ quoteCase }, { quoteReport }, { parseInstant }] = await Promise.all([
    import('../domain/quote.ts'),
    import('../reports/rates-reports.ts'),
    import('../domain/period.ts'),
  ]);
  const now = runtime.now();
  const time = flags.at === undefined ? now : parseInstant(flags.at, { now, timeZone: 'UTC' });
  if (time === undefined)
    throw new UserError(`--at: expected a day or a time, found "${flags.at ?? ''}"`, {
      hint: 'For example 2026-11-01 or 2026-11-01T12:00:00Z.',
    });
  const buckets = new Map<string, bigint>();
  const fees = new Map<string, bigint>();
  for (const [meter, tokens] of Object.entries({
    input: flags.input,
    cache_read: flags.cacheRead,
    cache_write: flags.cacheWrite,
    output: flags.output,
  }))
    if (tokens > 0) buckets.set(meter, BigInt(tokens));
  for (const pair of flags.meter ?? []) {
    const [, name = '', quantity = ''] = /^([a-z0-9_@]+)=(\d{1,15})$/i.exec(pair) ?? [];
    if (name === '')
      throw new UserError(`--meter: expected name=number, found "${pair}"`, {
        hint: 'For example --meter cache_write@1h=500 or --meter web_search=2.',
      });
    const meter = tokenMeter(name);
    if (meter === undefined && /^(input|cache|output|reason)/.test(name))
      throw new UserError(`--meter: no meter of tokens is called "${name}"`, {
        hint: 'Known: input, cache_read, cache_write@1h, output, reasoning, input_audio, ...',
      });
    const among = meter === undefined ? fees : buckets;
    among.set(meter ?? name, (among.get(meter ?? name) ?? 0n) + BigInt(quantity));
  }
  const quote = quoteCase(
    {
      provider,
      model,
      time,
      buckets,
      fees,
      ...(flags.tier === undefined ? {} : { serviceTier: flags.tier }),
      ...(flags.region === undefined ? {} : { region: flags.region, inferenceGeo: flags.region }),
    },
    book,
    contracts,
  );
  await printAnswer(
    quoteReport(`${provider}/${model} at ${new Date(time).toISOString()}`, quote),
    flags,
    runtime,
  );
}

async function quoteStream(
  runtime: Runtime,
  book: RateBook,
  contracts: readonly Contract[],
  finish: (code: ExitCode) => void,
): Promise<void> {
  const [{ splitLines }, { decodeCase }, { quoteCase }, { quoteRecord }, { jsonText }] =
    await Promise.all([
      import('../ingest/split-lines.ts'),
      import('../config/quote-lines.ts'),
      import('../domain/quote.ts'),
      import('../reports/rates-reports.ts'),
      import('../render/json-text.ts'),
    ]);
  for await (const lines of splitLines(runtime.stdin(), { offset: 0, lines: 0 })) {
    for (const { text, number } of lines) {
      if (text !== undefined && text.trim() === '') continue;
      try {
        const { id, wanted, contracts: own } = decodeCase(text ?? '');
        runtime.out(
          `${jsonText(quoteRecord(id, quoteCase(wanted, book, [...own, ...contracts])))}\n`,
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        runtime.out(
          `${jsonText({ id: null, cost_usd: null, cost_status: 'invalid', reason: `line ${number}: ${reason}`, lines: [] })}\n`,
        );
        runtime.err(`aicost: standard input:${number}: ${reason}\n`);
        finish(ExitCode.cannotRun);
      }
    }
    await runtime.flushed();
  }
}
