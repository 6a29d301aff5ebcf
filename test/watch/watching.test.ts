import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createStore } from '../../src/watch/live/store.ts';
import { watch } from '../../src/watch/live/watching.ts';
import { firstState } from '../../src/watch/state.ts';
import { call, freshFolder, jsonl, NOW } from '../support/fake-runtime.ts';
import { cardsWith, inMemory } from '../support/ledgers.ts';

it('a file that could not be read is named as long as that is so', async () => {
  const folder = freshFolder();
  const log = join(folder, 'app.jsonl');
  writeFileSync(log, '{"dear": "diary"}\n');
  const ledger = inMemory(cardsWith().book);
  const store = createStore(firstState('feature', 'today'));
  const told: (readonly string[])[] = [];
  const watching = watch({
    paths: [log],
    cwd: folder,
    additions: { tags: {} },
    interval: 1,
    now: () => NOW,
    sleep: async () => writeFileSync(log, jsonl(call({ id: 'a' }), call({ id: 'b' }))),
    ledger,
    asked: ledger,
    store,
    timeZone: 'UTC',
    onLook() {
      told.push(store.state().unread);
      if (told.length === 2) watching.stop();
    },
  });
  await watching.done;
  expect(told).toEqual([['app.jsonl'], []]);
});
