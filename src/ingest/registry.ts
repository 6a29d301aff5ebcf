import type { BillAdapter } from '../adapters/bills-contract/bill-adapter.ts';
import type { Adapter } from '../adapters/contract/adapter.ts';
import { modulesIn } from '../folder-modules.ts';

/** Every file of src/adapters is an adapter, so that adding one touches nothing else. Sorted by id. */
export const loadAdapters = async (): Promise<readonly Adapter[]> =>
  loadAll(await modulesIn<Adapter>(new URL('../adapters/', import.meta.url)));

/** As loadAdapters, for the formats of bills in src/adapters/bills. */
export const loadBillAdapters = async (): Promise<readonly BillAdapter[]> =>
  loadAll(await modulesIn<BillAdapter>(new URL('../adapters/bills/', import.meta.url)));

const loadAll = <Format>(
  modules: ReadonlyMap<string, () => Promise<Format>>,
): Promise<readonly Format[]> => Promise.all([...modules.values()].map((load) => load()));
