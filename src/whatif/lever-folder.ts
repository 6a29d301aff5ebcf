import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Lever } from './lever-contract/lever.ts';

const FOLDER = new URL('levers/', import.meta.url);
const EXTENSION = extname(import.meta.url); // .ts from source, .js once compiled

/** Names of all levers: every file of src/whatif/levers is one, so that adding one touches nothing else. Sorted. */
export async function leverNames(): Promise<readonly string[]> {
  const files = (await readdir(FOLDER)).filter((file) => extname(file) === EXTENSION);
  return files.map((file) => basename(file, EXTENSION)).sort();
}

/** The lever of a name that leverNames told. */
export const loadLever = async (name: string): Promise<Lever> =>
  ((await import(new URL(`${name}${EXTENSION}`, FOLDER).href)) as { default: Lever }).default;
