import { readFileSync } from 'node:fs';
import type { Contract } from '../domain/contract.ts';
import { NO_OVERLAYS, type Overlays } from '../domain/overlays.ts';
import type { HardwarePool, Serving } from '../domain/own-hardware.ts';
import { UserError } from '../errors.ts';
import { decodeContract } from './contract-file.ts';
import { decodeInfrastructure } from './infrastructure-file.ts';
import { KIND } from './overlay-files.ts';
import { readYamlTree, type Report } from './yaml-tree.ts';

/** Throws the first problem of a file. */
const report: Report = ({ message, origin }) => {
  throw new UserError(message, { origin });
};

/** Machines that files describe, whether a model runs on them or not. Throws UserError, located. */
export const readHardwarePools = (files: readonly string[]): readonly HardwarePool[] =>
  files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (KIND.exec(text)?.[1] !== 'infrastructure') return [];
    return decodeInfrastructure(readYamlTree(text, file), report).pools;
  });

/** Reads all overlays. Throws UserError, located, at the first problem of any. */
export function readOverlays(files: readonly string[]): Overlays {
  if (files.length === 0) return NO_OVERLAYS;
  const contracts: Contract[] = [];
  const servings: Serving[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const tree = readYamlTree(text, file);
    if (KIND.exec(text)?.[1] === 'infrastructure') {
      for (const serving of decodeInfrastructure(tree, report).servings) {
        if (servings.some(({ name }) => name === serving.name))
          throw new UserError(`two files have ${serving.name}`, {
            origin: { file },
            hint: 'Give the pools names of their own.',
          });
        servings.push(serving);
      }
    } else {
      const contract = decodeContract(tree, file, report);
      if (contracts.some(({ name }) => name === contract.name))
        throw new UserError(`two contracts are called "${contract.name}"`, {
          origin: { file },
          hint: 'Give each a name: of its own; answers tell terms by it.',
        });
      contracts.push(contract);
    }
  }
  return { contracts, servings };
}
