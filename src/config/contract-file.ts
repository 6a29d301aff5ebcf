import { readFileSync } from 'node:fs';
import type { Contract, ContractTerm } from '../domain/contract.ts';
import { type Decimal, parseDecimal } from '../domain/money.ts';
import { UserError } from '../errors.ts';
import { coversOf, dateAt } from './card-values.ts';
import { PRICE_KEYS, pricesOf } from './price-keys.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

const KEYS = ['contract', 'name', 'currency', 'from', 'until', 'applies_to', 'terms'];
const TERM_KEYS = ['id', 'models', 'fixed', 'discount_percent', 'covers'];

/**
 * Reads a contract: fixed prices and percentages off list prices, by provider, model and date. Throws
 * UserError at the first problem; a commitment or provisioned capacity is refused rather than ignored.
 */
export function readContract(file: string): Contract {
  const problems: Problem[] = [];
  const contract = decodeContract(readText(file), file, (problem) => problems.push(problem));
  const [first] = problems;
  if (first !== undefined) throw new UserError(first.message, { origin: first.origin });
  return contract;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read contract ${file}`, {
      cause,
      hint: 'Name a YAML file with --contract.',
    });
  }
}

function decodeContract(text: string, file: string, report: (problem: Problem) => void): Contract {
  const read = treeReader(report);
  const tree = readYamlTree(text, file);
  const fields = read.map(tree, '', KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  if (read.text(at('currency'), 'currency') !== 'USD')
    read.error(at('currency')?.origin ?? tree.origin, 'currency: expected USD');
  const scope = read.map(at('applies_to'), 'applies_to', ['providers', 'accounts']);
  const accounts = scope.get('accounts');
  if (accounts !== undefined)
    read.error(
      accounts.keyOrigin,
      'applies_to.accounts: calls carry no account yet; leave it out and name providers',
    );
  if (at('terms') === undefined) read.error(tree.origin, 'missing key "terms"');
  const [from, until] = [dateAt(read, at('from'), 'from'), dateAt(read, at('until'), 'until')];
  return {
    name: read.text(at('name'), 'name') ?? file,
    from: from?.time ?? Number.NEGATIVE_INFINITY,
    until: until?.time ?? Number.POSITIVE_INFINITY,
    providers: read
      .texts(scope.get('providers')?.value, 'applies_to.providers')
      .map((provider) => provider.toLowerCase()),
    terms: read.list(at('terms'), 'terms').flatMap((term) => decodeTerm(read, term)),
  };
}

function decodeTerm(read: TreeReader, value: Located): ContractTerm[] {
  const fields = read.map(value, 'terms');
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const id = read.text(at('id'), 'terms.id') ?? 'term';
  for (const { key, keyOrigin } of fields.values())
    if (!TERM_KEYS.includes(key)) {
      read.error(
        keyOrigin,
        `terms.${id}: ${key} is not read here; known are ${TERM_KEYS.join(', ')}`,
      );
      return [];
    }
  const factor = discountFactor(read, at('discount_percent'), `terms.${id}.discount_percent`);
  const fixed = read.map(at('fixed'), `terms.${id}.fixed`, PRICE_KEYS);
  if (factor === undefined && fixed.size === 0)
    read.error(value.origin, `terms.${id}: needs fixed prices or discount_percent`);
  const nothing = new Map();
  return [
    {
      id,
      models: read.texts(at('models'), `terms.${id}.models`),
      fixed: pricesOf(fixed, `terms.${id}.fixed`, {
        read,
        sources: nothing,
        calendars: nothing,
        serviceTiers: nothing,
        surcharges: nothing,
        fees: nothing,
      }),
      ...(factor === undefined ? {} : { factor }),
      covers: coversOf(read, at('covers'), `terms.${id}.covers`),
    },
  ];
}

/** What is left of a price after a percentage off: 12 is 0.88. */
function discountFactor(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Decimal | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const factor = remainingAfter(text);
  if (factor === undefined)
    read.error(value.origin, `${path}: expected a percentage from 0 to 100, found "${text}"`);
  return factor;
}

/** The factor that a discount in percent leaves; `undefined` when it is none. */
export function remainingAfter(percent: string): Decimal | undefined {
  const decimal = parseDecimal(percent);
  if (decimal === undefined || decimal.digits < 0n) return undefined;
  const whole = 100n * 10n ** BigInt(decimal.scale);
  return decimal.digits > whole
    ? undefined
    : { digits: whole - decimal.digits, scale: decimal.scale + 2 };
}
