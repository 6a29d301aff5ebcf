import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, freshFolder, jsonl } from '../support/fake-runtime.ts';
import { BIN } from '../support/processes.ts';
import { hasTmux, realTime, terminalIn } from '../support/terminal.ts';

const folder = freshFolder();
const log = join(folder, 'logs/app.jsonl');
const { open, resize, type, paste, shows, close } = terminalIn(folder);

const calls = (ids: readonly string[], feature: string): string =>
  jsonl(...ids.map((id) => call({ id, time: realTime(), tags: { feature } })));

/** What is typed has to be short: the screen is small, and folders may have long names. */
const START = 'sh watch.sh; echo "ended $?"';
beforeAll(() =>
  writeFileSync(
    join(folder, 'watch.sh'),
    `echo $$ > pid; exec "${process.execPath}" "${BIN}" watch logs --ledger w.db\n`,
  ),
);
afterAll(close);

// The real program in a real terminal. Where tmux is missing there is none to try it in.
describe.skipIf(!hasTmux)('on a terminal (needs tmux)', () => {
  it('watch shows what comes, obeys keys and the size of the window, and leaves the screen as it was', async () => {
    mkdirSync(join(folder, 'logs'));
    writeFileSync(log, calls(['a', 'b'], 'search'));
    open(80, 24, 'sh');
    type('echo before', 'Enter');
    await shows(/^before$/m);
    type(START, 'Enter');
    expect(await shows('search')).toContain('Spend by feature, today');

    appendFileSync(log, calls(['c'], 'support'));
    await shows('support');

    type('Right');
    await shows('by team');
    type('Left');
    await shows('by feature');
    type('u');
    await shows('Tokens by feature');
    paste('queue');
    type('/');
    paste('supp');
    await shows('/supp');
    type('Enter');
    expect(await shows('feature, today /supp')).not.toMatch(/│[> ] search/);
    type('Escape');
    await shows('search');
    type('Enter');
    await shows('Dearest calls');
    type('?');
    await shows('╭─ Help');
    type('Escape');
    await shows('Dearest calls');
    type('Escape');
    await shows('Latest calls');

    resize(44, 13);
    const small = await shows(/^╭─ Tokens by feature, today ─+╮$/m);
    for (const line of small.split('\n').slice(2, 10)) expect(line).toMatch(/^[╭│╰].{42}[╮│╯]$/);

    type('q');
    const after = await shows('ended 0');
    expect(after).toContain('before');
    expect(after).not.toContain('Latest calls');
  }, 40_000);

  it('watch gives the terminal back when it is told to end', async () => {
    resize(80, 24);
    type('clear', 'Enter');
    type(START, 'Enter');
    await shows('Latest calls');
    // In a window that has grown, tmux would bring the upper lines back.
    resize(120, 40);
    await shows('╮╭─ Latest calls');
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
    expect(await shows('ended 130')).not.toMatch(/Spend by|[│╭╰]/);
    // What is typed is seen again, and Ctrl-C means the shell's.
    type('echo alive', 'Enter');
    await shows(/^alive$/m);
  }, 40_000);
});
