import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, linesOf } from '../support/fake-runtime.ts';
import {
  ingestUnderFire,
  manyCalls,
  mustRun,
  type Pace,
  paceOf,
  start,
} from '../support/processes.ts';

const CALLS = 20_000;
/** Patience with a machine that is busy with other things. */
const SLOW_MS = 60_000;
const folder = freshFolder();
const log = join(folder, 'calls.jsonl');
let whole: string;
let pace: Pace;

const exported = (ledger: string): string =>
  mustRun(['export', 'events', '--ledger', ledger], folder);

beforeAll(() => {
  writeFileSync(log, manyCalls(CALLS));
  pace = paceOf(log, 'whole.db', folder);
  whole = exported('whole.db');
}, SLOW_MS);

it('a whole ingest has every call', () => expect(linesOf(whole)).toHaveLength(CALLS));

describe('several processes and one new ledger', () => {
  it(
    'two that ingest the same file at once both end well and count nothing twice',
    async () => {
      const argv = ['ingest', log, '--ledger', 'both.db', '--format', 'json'];
      const ends = await Promise.all([start(argv, folder).ended, start(argv, folder).ended]);
      expect(ends.map(({ code, err }) => [code, err])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      const added = ends.map(({ out }): number => JSON.parse(out).new);
      expect(added.reduce((sum, count) => sum + count)).toBe(CALLS);
      expect(exported('both.db')).toBe(whole);
      mustRun(['doctor', '--ledger', 'both.db'], folder);
    },
    SLOW_MS,
  );

  it(
    'five that open it in the same moment each read their file',
    async () => {
      const parts = [0, 1, 2, 3, 4].map((n) => {
        const path = join(folder, `part${n}.jsonl`);
        writeFileSync(path, manyCalls(20).replaceAll('call-', `part${n}-`));
        return path;
      });
      const ends = await Promise.all(
        parts.map((part) => start(['ingest', part, '--ledger', 'five.db'], folder).ended),
      );
      expect(ends.map(({ code, err }) => [code, err])).toEqual(parts.map(() => [0, '']));
      mustRun(['doctor', '--ledger', 'five.db'], folder);
    },
    SLOW_MS,
  );
});

it(
  'an ingest that is killed five times ends in the ledger of one that was not',
  async () => {
    const killed = await ingestUnderFire(log, 'fire.db', folder, 5, pace);
    expect(killed).toBeGreaterThan(0);
    mustRun(['ingest', log, '--ledger', 'fire.db'], folder);
    expect(exported('fire.db')).toBe(whole);
    mustRun(['doctor', '--ledger', 'fire.db'], folder);
  },
  SLOW_MS,
);

it(
  'late calls of a closed month are booked once each, whoever is killed and whoever tells them too',
  async () => {
    const late = join(folder, 'late.jsonl');
    const first = join(folder, 'first.jsonl');
    writeFileSync(late, manyCalls(CALLS).replaceAll('"2026-11-', '"2024-10-'));
    writeFileSync(first, manyCalls(2).replaceAll('"2026-11-', '"2024-10-'));
    mustRun(['ingest', first, '--ledger', 'late.db'], folder);
    mustRun(['close', '2024-10', '--timezone', 'UTC', '--ledger', 'late.db'], folder);
    expect(await ingestUnderFire(late, 'late.db', folder, 3, pace)).toBeGreaterThan(0);
    const ends = await Promise.all(
      [late, late].map((log) => start(['ingest', log, '--ledger', 'late.db'], folder).ended),
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const { rows } = JSON.parse(
      mustRun(['close', '--list', '--format', 'json', '--ledger', 'late.db'], folder),
    );
    // The two calls of the first file were there when the month was closed.
    expect(rows).toMatchObject([{ month: '2024-10', requests: 2, correction_requests: CALLS - 2 }]);
    mustRun(['doctor', '--ledger', 'late.db'], folder);
  },
  SLOW_MS,
);
