import { type Command, Option } from 'commander';
import { COST_KINDS, type CostKind } from '../domain/spend.ts';

/** The flag that chooses which cost is meant. */
export interface CostFlags {
  readonly cost: CostKind;
}

/** Adds --cost. */
export const withCost = (command: Command, kind: CostKind = 'list'): Command =>
  command.addOption(
    new Option('--cost <kind>', 'by list prices, contracts, or all that was paid spread over use')
      .choices([...COST_KINDS])
      .default(kind),
  );
