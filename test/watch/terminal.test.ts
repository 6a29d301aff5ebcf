import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { call, freshFolder, jsonl } from '../support/fake-runtime.ts';
import { BIN, worldOf } from '../support/processes.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const folder = freshFolder();
const socket = join(folder, 'tmux');
const log = join(folder, 'logs/app.jsonl');

const tmux = (...argv: readonly string[]): string =>
  execFileSync('tmux', ['-S', socket, ...argv], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...worldOf(folder), LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
  });

const screen = (): string => tmux('capture-pane', '-p', '-t', 'w');
const type = (...keys: readonly string[]): string => tmux('send-keys', '-t', 'w', ...keys);

/** Waits until the screen shows a text; fails with the screen. */
async function shows(text: string | RegExp): Promise<string> {
  for (let tries = 0; tries < 150; tries += 1) {
    const now = screen();
    if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now;
    await sleep(100);
  }
  throw new Error(`the screen never showed ${String(text)}:\n${screen()}`);
}

const calls = (ids: readonly string[], feature: string): string =>
  jsonl(...ids.map((id) => call({ id, time: new Date().toISOString(), tags: { feature } })));

afterAll(() => void spawnSync('tmux', ['-S', socket, 'kill-server']));

// The real program in a real terminal. Where tmux is missing there is none to try it in.
describe.skipIf(!hasTmux)('on a terminal (needs tmux)', () => {
  it('watch shows what comes, obeys keys and the size of the window, and leaves the screen as it was', async () => {
    mkdirSync(join(folder, 'logs'));
    writeFileSync(log, calls(['a', 'b'], 'search'));
    tmux('new-session', '-d', '-s', 'w', '-x', '80', '-y', '24', 'sh');
    type('echo before', 'Enter');
    await shows(/^before$/m);
    type(`'${process.execPath}' '${BIN}' watch logs --ledger w.db; echo "ended $?"`, 'Enter');
    expect(await shows('search')).toContain('Spend by feature, today');

    appendFileSync(log, calls(['c'], 'support'));
    await shows('support');

    type('Right');
    await shows('by team');
    type('Left');
    await shows('by feature');
    type('u');
    await shows('Tokens by feature');
    type('/');
    type('supp');
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

    tmux('resize-window', '-t', 'w', '-x', '44', '-y', '13');
    const small = await shows(/^╭─ Tokens by feature, today ─+╮$/m);
    for (const line of small.split('\n').slice(2, 10)) expect(line).toMatch(/^[╭│╰].{42}[╮│╯]$/);

    type('q');
    const after = await shows('ended 0');
    expect(after).toContain('before');
    expect(after).not.toContain('Latest calls');
  }, 40_000);

  it('watch gives the terminal back when it is told to end', async () => {
    tmux('resize-window', '-t', 'w', '-x', '80', '-y', '24');
    type('clear', 'Enter');
    // The shell that starts it becomes it, so that its number is known.
    const start = `echo $$ > pid; exec "${process.execPath}" "${BIN}" watch logs --ledger w.db`;
    type(`sh -c '${start}'; echo "ended $?"`, 'Enter');
    await shows('Latest calls');
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
    expect(await shows('ended 130')).not.toContain('Latest calls');
    // What is typed is seen again, and Ctrl-C means the shell's.
    type('echo alive', 'Enter');
    await shows(/^alive$/m);
  }, 40_000);
});
