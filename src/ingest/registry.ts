import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { BillAdapter } from '../adapters/bills-contract/bill-adapter.ts';
import type { Adapter } from '../adapters/contract/adapter.ts';

const FOLDER = new URL('../adapters/', import.meta.url);
const BILLS = new URL('bills/', FOLDER);
const EXTENSION = extname(import.meta.url); // .ts from source, .js once compiled

/** Every file of src/adapters is an adapter, so that adding one touches nothing else. Sorted by id. */
export const loadAdapters = (): Promise<readonly Adapter[]> => loadFolder<Adapter>(FOLDER);

/** As loadAdapters, for the formats of bills in src/adapters/bills. */
export const loadBillAdapters = (): Promise<readonly BillAdapter[]> =>
  loadFolder<BillAdapter>(BILLS);

async function loadFolder<Format>(folder: URL): Promise<readonly Format[]> {
  const files = (await readdir(folder)).filter((file) => extname(file) === EXTENSION).sort();
  return Promise.all(
    files.map(
      async (file) => ((await import(new URL(file, folder).href)) as { default: Format }).default,
    ),
  );
}
