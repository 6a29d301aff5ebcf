import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';

const FOLDER = new URL('../../rates/', import.meta.url);
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

/** The JSON Schema (2020-12) of aicost.yaml; the build puts it beside the compiled code. */
export const readSettingsSchema = (): string =>
  readFileSync(new URL('aicost.schema.json', import.meta.url), 'utf8');
