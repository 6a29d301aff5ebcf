import { modulesIn } from '../folder-modules.ts';
import type { Lever } from './lever-contract/lever.ts';

const levers = (): Promise<ReadonlyMap<string, () => Promise<Lever>>> =>
  modulesIn<Lever>(new URL('levers/', import.meta.url));

/** Names of all levers: every file of src/whatif/levers is one, so that adding one touches nothing else. Sorted. */
export const leverNames = async (): Promise<readonly string[]> => [...(await levers()).keys()];

/** The lever of a name that leverNames told. Throws for any other. */
export async function loadLever(name: string): Promise<Lever> {
  const load = (await levers()).get(name);
  if (load === undefined) throw new Error(`no lever ${name}`);
  return load();
}
