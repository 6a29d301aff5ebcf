import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

const FOLDER = new URL('rates/', PACKAGE_ROOT);
const ENDING = '.schema.json';

/** Kinds of files under rates/ that have a JSON Schema: `card`, ... */
const schemaNames = (): readonly string[] =>
  readdirSync(fileURLToPath(FOLDER))
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();

/** The JSON Schema (2020-12) of a kind of file, as it ships beside the cards. Throws UserError. */
export function readSchema(name: string): string {
  const known = schemaNames();
  if (known.includes(name)) return readFileSync(new URL(`${name}${ENDING}`, FOLDER), 'utf8');
  throw new UserError(`no schema of "${name}"`, { hint: `Known: ${known.join(', ')}.` });
}

/** The JSON Schema (2020-12) of aicost.yaml, which lies beside the code that it describes. */
export const readSettingsSchema = (): string =>
  readFileSync(new URL('src/config/aicost.schema.json', PACKAGE_ROOT), 'utf8');
