import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';

const REFUSED =
  'aicost: --dir: own holds files that aicost demo did not make\nName a folder that is new or empty: the demo begins its logs and its ledger anew.\n';

describe('the folder of a demo', () => {
  it.each([[['demo']], [['demo', '--live']]])(
    'is never one that holds something else: aicost %j',
    async (argv) => {
      const { aicost, folder, write } = desk();
      mkdirSync(join(folder, 'own/logs'), { recursive: true });
      write('own/ledger.db', 'mine');
      write('own/logs/mine.jsonl', 'mine too');
      const { code, err } = await aicost(...argv, '--dir', 'own');
      expect([code, err]).toEqual([2, REFUSED]);
      for (const [name, text] of [
        ['ledger.db', 'mine'],
        ['logs/mine.jsonl', 'mine too'],
      ] as const)
        expect(readFileSync(join(folder, 'own', name), 'utf8')).toBe(text);
    },
  );

  it('begins anew in a folder that a demo made, and leaves what somebody put beside', async () => {
    const { folder, must, write } = desk();
    const first = await must('demo', '--dir', 'new', '--format', 'json');
    write('new/notes.txt', 'mine');
    expect(await must('demo', '--dir', 'new', '--format', 'json')).toBe(first);
    expect(existsSync(join(folder, 'new/notes.txt'))).toBe(true);
  });
});
