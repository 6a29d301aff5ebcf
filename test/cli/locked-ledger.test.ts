import { chmodSync } from 'node:fs';
import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

// Nothing is locked for root.
it.skipIf(userInfo().uid === 0)('a ledger that is read-only is told in words', async () => {
  const { aicost, ledger, must, write } = desk();
  await must('ingest', write('a.jsonl', jsonl(call({ id: 'a' }))));
  chmodSync(ledger, 0o444);
  expect(await aicost('ingest', write('b.jsonl', jsonl(call({ id: 'b' }))))).toEqual({
    code: 2,
    out: '',
    err: 'aicost: the ledger cannot be written: it is read-only\nName another with --ledger, or copy it where you may write.\n',
  });
});
