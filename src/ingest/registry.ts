import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Adapter } from '../adapters/contract/adapter.ts';

const FOLDER = new URL('../adapters/', import.meta.url);
const EXTENSION = extname(import.meta.url); // .ts from source, .js once compiled

/** Every file of src/adapters is an adapter, so that adding one touches nothing else. Sorted by id. */
export async function loadAdapters(): Promise<readonly Adapter[]> {
  const files = (await readdir(FOLDER)).filter((file) => extname(file) === EXTENSION).sort();
  return Promise.all(
    files.map(
      async (file) => ((await import(new URL(file, FOLDER).href)) as { default: Adapter }).default,
    ),
  );
}
