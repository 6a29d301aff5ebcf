import { Command, InvalidArgumentError } from 'commander';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { TableOrigin } from '../config/proposed-rows.ts';
import type { Proposal, TableComparison } from '../domain/price-proposals.ts';
import { providerName } from '../domain/provider-names.ts';
import type { RateCard } from '../domain/rate-card.ts';
import { showOrigin, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';

interface UpdateFlags extends OutputFlags {
  readonly from: string;
  readonly provider?: string;
  readonly asOf?: string;
  readonly into?: string;
  readonly write?: boolean;
}

function day(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !new Date(time || 0).toISOString().startsWith(text))
    throw new InvalidArgumentError('expected a day such as 2026-11-01.');
  return text;
}

/** `aicost rates update`: what somebody else's price table says that the cards do not, and on demand the rows for it. */
export function updateCommand(runtime: Runtime): Command {
  const command = new Command('update')
    .description(
      'Reads a price table of LiteLLM, models.dev, genai-prices or OpenRouter and says\nwhat it has that the cards have not: new models, changed prices, disagreements.\nWith --write it adds rows; no existing line of a card is ever changed.',
    )
    .requiredOption('--from <file>', 'the table, a JSON file as its source publishes it')
    .option('--provider <name>', 'only this provider')
    .option('--as-of <day>', 'day on which the table stood so (default: today, UTC)', day)
    .option('--into <folder>', 'folder of cards to compare with (default: ./rates)')
    .option('--write', 'add rows for new models and changed prices');
  return withOutput(command)
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates update --from model_prices_and_context_window.json
  $ aicost rates update --from api.json --provider mistral --as-of 2026-11-20
  $ aicost rates update --from data.json --into my-rates --write`,
    )
    .action(async (flags: UpdateFlags) => {
      const [{ readPriceTable }, { compareTable }, { ratesUpdateReport }] = await Promise.all([
        import('../config/price-table.ts'),
        import('../domain/price-proposals.ts'),
        import('../reports/rates-update-report.ts'),
      ]);
      const asOf = flags.asOf ?? new Date(runtime.now()).toISOString().slice(0, 10);
      if (Date.parse(asOf) > runtime.now())
        throw new UserError(`--as-of: ${asOf} has not come yet`, {
          hint: 'Name the day on which the table was saved.',
        });
      const table = readPriceTable(textOf(runtime, flags.from), flags.from, asOf);
      const { into, cards } = await cardsToUpdate(runtime, flags);
      const chosen = new Map(
        [...cards].filter(
          ([provider]) => flags.provider === undefined || provider === providerName(flags.provider),
        ),
      );
      if (chosen.size === 0)
        throw new UserError(`--provider: no rate card for provider "${flags.provider ?? ''}"`, {
          hint: `Known: ${[...cards.keys()].sort().join(', ')}.`,
        });
      const compared = compareTable(
        flags.provider === undefined
          ? table
          : { ...table, rows: table.rows.filter(({ provider }) => chosen.has(provider)) },
        new Map([...chosen].map(([provider, { card }]) => [provider, card])),
        Date.parse(asOf),
      );
      const origin = { format: table.format, fileName: basename(flags.from), asOf };
      const { comparison, texts } = await withRows(compared, chosen, origin, runtime.now());
      const written = flags.write === true ? writeCards(texts, runtime.cwd) : undefined;
      await printAnswer(
        ratesUpdateReport(
          {
            file: flags.from,
            format: table.format,
            asOf,
            into: into === undefined ? 'shipped' : shownPath(into, runtime.cwd),
            ...(written === undefined ? {} : { written }),
          },
          comparison,
        ),
        flags,
        runtime,
      );
    });
}

function textOf({ cwd }: Runtime, name: string): string {
  try {
    return readFileSync(resolve(cwd, name), 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read ${name}`, {
      cause,
      hint: 'Save the table to a file and name it with --from.',
    });
  }
}

interface PlacedCard {
  readonly path: string;
  readonly card: RateCard;
  readonly text: string;
}

/** The cards to compare with: those of --into, of ./rates, or the shipped ones, which cannot be written. */
async function cardsToUpdate(
  runtime: Runtime,
  { into, write }: UpdateFlags,
): Promise<{ readonly into?: string; readonly cards: ReadonlyMap<string, PlacedCard> }> {
  const [{ cardFiles, ownCardFiles }, { readCard }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/rate-cards.ts'),
  ]);
  const here = join(runtime.cwd, 'rates');
  const folder =
    into === undefined ? (isFolder(here) ? here : undefined) : resolve(runtime.cwd, into);
  if (folder === undefined && write === true)
    throw new UserError('--write: there is no folder rates/ here', {
      hint: 'Name the folder of your cards with --into, or run in a checkout that has rates/.',
    });
  if (into !== undefined && folder !== undefined && !isFolder(folder))
    throw new UserError(`--into: no folder ${into}`, {
      hint: 'Make it and put a rate card into it first; update only adds to cards that are there.',
    });
  const files = folder === undefined ? cardFiles([]) : ownCardFiles([folder]);
  const cards = new Map<string, PlacedCard>();
  for (const file of files) {
    const { card, problems } = readCard(file, runtime.now());
    const error = problems.find(({ severity }) => severity === 'error');
    if (error !== undefined)
      throw new UserError(error.message, {
        origin: error.origin,
        hint: 'Mend it, then run aicost rates lint.',
      });
    if (!cards.has(card.provider))
      cards.set(card.provider, { path: file.file, card, text: readFileSync(file.file, 'utf8') });
  }
  return { ...(folder === undefined ? {} : { into: folder }), cards };
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The texts of cards with the proposed rows, by path; what a card's form does not allow is left to do by hand. */
async function withRows(
  comparison: TableComparison,
  cards: ReadonlyMap<string, PlacedCard>,
  origin: TableOrigin,
  now: number,
): Promise<{ readonly comparison: TableComparison; readonly texts: ReadonlyMap<string, string> }> {
  const [{ withProposedRows }, { lintCardText }] = await Promise.all([
    import('../config/proposed-rows.ts'),
    import('../config/card-lint.ts'),
  ]);
  const texts = new Map<string, string>();
  const settled: Proposal[] = [];
  for (const { path, card, text } of cards.values()) {
    const proposals = comparison.proposals.filter(({ provider }) => provider === card.provider);
    const { text: added, refused } = withProposedRows(text, card, proposals, origin);
    for (const proposal of proposals) {
      const why = refused.get(proposal.model);
      const isWritable = proposal.kind === 'new model' || proposal.kind === 'changed';
      settled.push(
        why === undefined || !isWritable ? proposal : { ...proposal, kind: 'by hand', why },
      );
    }
    if (added === text) continue;
    const error = lintCardText(added, path, now).problems.find(
      ({ severity }) => severity === 'error',
    );
    if (error !== undefined)
      throw new UserError(`the proposed rows would not be sound: ${error.message}`, {
        hint: `Nothing was written. The row would stand at ${showOrigin(error.origin)}; leave its provider out with --provider.`,
      });
    texts.set(path, added);
  }
  return { comparison: { ...comparison, proposals: settled }, texts };
}

/** Writes each card beside itself and moves it into place, so that no card is ever half written. */
function writeCards(texts: ReadonlyMap<string, string>, cwd: string): readonly string[] {
  for (const [path, text] of texts) {
    writeFileSync(`${path}.new`, text, { mode: statSync(path).mode });
    renameSync(`${path}.new`, path);
  }
  return [...texts.keys()].map((path) => shownPath(path, cwd));
}
