import type { UnratedReason } from '../domain/spend.ts';
import type { Answer, Cell, Table } from './answer.ts';

/** What was checked, what it showed, and every reason for which usage has no price. */
export function doctorReport(
  findings: readonly { readonly check: string; readonly holds: boolean; readonly detail: string }[],
  unrated: readonly UnratedReason[],
  ledger: string,
): Answer {
  const text = (value: string): Cell => ({ kind: 'text', value });
  const checks: Table = {
    name: 'rows',
    columns: [
      { key: 'check', title: 'Check', yields: 0 },
      { key: 'holds', title: '', yields: 0 },
      { key: 'detail', title: 'What it shows', yields: 0, wraps: true },
    ],
    rows: findings.map(({ check, holds, detail }) => [
      text(check),
      text(holds ? 'ok' : 'FAILED'),
      text(detail),
    ]),
  };
  const reasons: Table = {
    name: 'unrated',
    title: 'Without a price',
    columns: [
      { key: 'requests', title: 'Requests', yields: 0 },
      { key: 'code', title: 'Code', yields: 3 },
      { key: 'reason', title: 'Reason', yields: 0, wraps: true },
    ],
    rows: unrated.map(({ requests, code, message }) => [
      { kind: 'count', value: requests },
      text(code),
      text(message),
    ]),
  };
  return {
    schema: 'aicost.doctor/1',
    headline: `Ledger ${ledger}`,
    facts: { ledger, sound: findings.every(({ holds }) => holds) },
    tables: unrated.length === 0 ? [checks] : [checks, reasons],
    notes: [],
  };
}
