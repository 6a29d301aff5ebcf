import { readFileSync } from 'node:fs';
import type { Contract } from '../domain/contract.ts';
import { UserError } from '../errors.ts';
import { dateAt } from './card-values.ts';
import { decodeTerm } from './contract-terms.ts';
import { type Located, type Report, readYamlTree, treeReader } from './yaml-tree.ts';

const KEYS = ['contract', 'name', 'currency', 'from', 'until', 'applies_to', 'terms'];

/** Reads a contract. Throws UserError, located, at the first problem. */
export function readContract(file: string): Contract {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read contract ${file}`, {
      cause,
      hint: 'Name a YAML file with --contract.',
    });
  }
  return decodeContract(readYamlTree(text, file), file, ({ message, origin }) => {
    throw new UserError(message, { origin });
  });
}

/** Decodes a contract: prices, percentages, volume steps, commitments and provisioned capacity. */
export function decodeContract(tree: Located, file: string, report: Report): Contract {
  const read = treeReader(report);
  const fields = read.map(tree, '', KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  if (read.text(at('currency'), 'currency') !== 'USD')
    read.error(at('currency')?.origin ?? tree.origin, 'currency: expected USD');
  const scope = read.map(at('applies_to'), 'applies_to', ['providers', 'accounts']);
  if (at('terms') === undefined) read.error(tree.origin, 'missing key "terms"');
  const [from, until] = [dateAt(read, at('from'), 'from'), dateAt(read, at('until'), 'until')];
  if (from !== undefined && until !== undefined && until.time <= from.time)
    read.error(at('until')?.origin ?? tree.origin, `until ${until.text} is not after from`);
  const terms = read.list(at('terms'), 'terms').flatMap((term) => decodeTerm(read, term));
  for (const [index, { id }] of terms.entries())
    if (terms.findIndex((term) => term.id === id) !== index)
      read.error(at('terms')?.origin ?? tree.origin, `terms: "${id}" names two terms`);
  return {
    name: read.text(at('name'), 'name') ?? file,
    from: from?.time ?? Number.NEGATIVE_INFINITY,
    until: until?.time ?? Number.POSITIVE_INFINITY,
    providers: read
      .texts(scope.get('providers')?.value, 'applies_to.providers')
      .map((provider) => provider.toLowerCase()),
    accounts: read.texts(scope.get('accounts')?.value, 'applies_to.accounts'),
    terms,
  };
}
