import { money } from '../domain/money.ts';
import { addPosition } from '../domain/position.ts';
import {
  addCorrection,
  type Correction,
  NO_SPEND,
  type Position,
  type SpendQuery,
  type SpendRow,
  type UnratedReason,
} from '../domain/spend.ts';
import { addSpend, type GrowingSpend } from '../domain/spend-sums.ts';

/** Rows of finer groups, added up to those that were asked for. */
export interface FoldedRows {
  /** Adds an itemized row to the group of a key; `step` as in SpendRow. */
  readonly add: (row: SpendRow, key: SpendRow['key'], certainty: bigint | undefined) => void;
  readonly rows: () => readonly SpendRow[];
}

interface Group {
  readonly key: SpendRow['key'];
  readonly step: SpendRow['step'];
  readonly spend: GrowingSpend;
  readonly reasons: Map<string, UnratedReason>;
  readonly corrections: Map<string, Correction>;
  readonly positions: Map<string, Position>;
  contracted: bigint;
  certainty: bigint | undefined;
}

/** Folds rows of the ledger into those of a question. */
export function foldRows({ negotiated, grain }: SpendQuery): FoldedRows {
  const groups = new Map<string, Group>();
  const groupOf = (key: SpendRow['key'], step: SpendRow['step']): Group => {
    const name = JSON.stringify([key, step]);
    const present = groups.get(name);
    if (present !== undefined) return present;
    const group: Group = {
      key,
      step,
      spend: { ...NO_SPEND },
      reasons: new Map(),
      corrections: new Map(),
      positions: new Map(),
      contracted: 0n,
      certainty: undefined,
    };
    groups.set(name, group);
    return group;
  };
  return {
    add(row, key, certainty) {
      const group = groupOf(key, grain === undefined ? undefined : row.step);
      addSpend(group.spend, row);
      for (const reason of row.items?.reasons ?? []) addReason(group.reasons, reason);
      for (const each of row.items?.corrections ?? []) addCorrection(group.corrections, each);
      group.contracted += row.negotiated?.contracted ?? 0n;
      for (const position of row.negotiated?.positions ?? [])
        addPosition(group.positions, position);
      if (certainty !== undefined) group.certainty = (group.certainty ?? 0n) + certainty;
    },
    rows: () =>
      [...groups.values()].map((group) => ({
        ...group.spend,
        key: group.key,
        ...(group.step === undefined ? {} : { step: group.step }),
        // As the ledger counts them: what a correction prices is taken from its own reason only.
        unrated: [...group.reasons.values()].reduce(
          (sum, { requests }) => (requests > 0n ? sum + requests : sum),
          0n,
        ),
        ...(negotiated === true && {
          negotiated: {
            contracted: money(group.contracted),
            positions: [...group.positions.values()],
          },
        }),
        items: {
          reasons: [...group.reasons.values()],
          corrections: [...group.corrections.values()],
        },
        ...(group.certainty === undefined ? {} : { certainty: group.certainty }),
      })),
  };
}

/** Adds requests to those that have no price for the same reason. */
export function addReason(reasons: Map<string, UnratedReason>, reason: UnratedReason): void {
  const { message, requests } = reason;
  const present = reasons.get(message);
  reasons.set(
    message,
    present === undefined ? reason : { ...present, requests: present.requests + requests },
  );
}
