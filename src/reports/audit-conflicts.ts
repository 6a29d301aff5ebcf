import type { Money } from '../domain/money.ts';
import type { Origin } from '../domain/origin.ts';
import type { Cell, Table } from './answer.ts';
import { type AuditSection, callsThat, countCell, textCell } from './audit-section.ts';

/** Calls that name another owner than their key does. The request's own word holds. */
export interface ContradictedTag {
  readonly tag: string;
  /** What the calls say, and what their key says. */
  readonly request: string;
  readonly key: string;
  /** The rule of aicost.yaml; absent where the gateway itself told what its key is for. */
  readonly rule?: Origin;
  readonly requests: bigint;
  readonly cost: Money;
  /** All that is attributed to either value. */
  readonly ofRequest: Money;
  readonly ofKey: Money;
}

/** Where requests and their keys contradict each other, with both sums, dearest first. */
export function conflictsSection(conflicts: readonly ContradictedTag[]): AuditSection {
  const money = (value: Money): Cell => ({ kind: 'money', value });
  const table: Table = {
    name: 'conflicts',
    title: 'Calls that contradict their key; their own tag holds',
    columns: [
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'request', title: 'Call says', yields: 0 },
      { key: 'key', title: 'Key says', yields: 0 },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
      { key: 'request_cost_usd', title: 'All of call', yields: 3 },
      { key: 'key_cost_usd', title: 'All of key', yields: 3 },
      { key: 'rule', title: 'Rule', yields: 4 },
    ],
    rows: conflicts.map(({ tag, request, key, rule, requests, cost, ofRequest, ofKey }) => [
      textCell(tag),
      textCell(request),
      textCell(key),
      countCell(requests),
      money(cost),
      money(ofRequest),
      money(ofKey),
      rule === undefined
        ? { kind: 'absent', label: 'gateway' }
        : textCell(`${rule.file}:${rule.line ?? 1}`),
    ]),
    empty: 'No call contradicts its key.',
  };
  return {
    name: 'conflicts',
    tables: [table],
    findings: conflicts.map(({ tag, request, key, requests, cost }) => {
      const calls = { requests, unrated: 0n, cost };
      return {
        code: 'tag-conflict',
        message: `${callsThat(calls, 'says', 'say')} ${tag} ${request} where the key says ${key}`,
        calls,
        show: 'conflicts',
      };
    }),
  };
}
