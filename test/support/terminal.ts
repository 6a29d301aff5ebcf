import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { worldOf } from './processes.ts';

/** Whether there is a terminal to try programs in. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** The time as logs write it; programs in a terminal have the real clock. */
export const realTime = (): string => new Date().toISOString();

/** A terminal with one window, run by tmux. */
export interface Terminal {
  readonly open: (columns: number, rows: number, command: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Types keys by their names, or text. */
  readonly type: (...keys: readonly string[]) => void;
  /** Pastes a text, marked as such where the program asks for that. */
  readonly paste: (text: string) => void;
  /** What the screen shows now. */
  readonly screen: () => string;
  /** Waits until the screen shows a text, and returns it; throws with the screen after 15 seconds. */
  readonly shows: (text: string | RegExp) => Promise<string>;
  readonly close: () => void;
}

/** A terminal whose programs have a folder as home and as their folder. */
export function terminalIn(folder: string): Terminal {
  const tmux = (...argv: readonly string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'tmux'), ...argv], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...worldOf(folder), LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
    });
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'w');
  const size = (columns: number, rows: number) => ['-x', `${columns}`, '-y', `${rows}`];
  return {
    open: (columns, rows, command) =>
      void tmux('new-session', '-d', '-s', 'w', ...size(columns, rows), command),
    resize: (columns, rows) => void tmux('resize-window', '-t', 'w', ...size(columns, rows)),
    type: (...keys) => void tmux('send-keys', '-t', 'w', ...keys),
    paste: (text) => {
      tmux('set-buffer', text);
      tmux('paste-buffer', '-p', '-t', 'w');
    },
    screen,
    async shows(text) {
      for (let tries = 0; tries < 150; tries += 1) {
        const now = screen();
        if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now;
        await sleep(100);
      }
      throw new Error(`the screen never showed ${String(text)}:\n${screen()}`);
    },
    close: () => void spawnSync('tmux', ['-S', join(folder, 'tmux'), 'kill-server']),
  };
}
