import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventedMonth } from '../demo/invented-month.ts';
import { liveTraffic } from '../demo/live-traffic.ts';
import type { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { runWatch } from './watch.ts';

/** Milliseconds between two parts of invented calls. */
const EVERY_MS = 200;
const DAY_MS = 86_400_000;
const DAYS_BEFORE = 31;

/** A month of logs until last midnight UTC, and a screen that watches invented calls come in. */
export async function liveDemo(
  folder: string,
  callsASecond: number,
  flags: { readonly color?: boolean; readonly quiet?: boolean },
  runtime: Runtime,
): Promise<ExitCode> {
  const logs = join(folder, 'logs');
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const ledger = join(folder, 'ledger.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${ledger}${suffix}`, { force: true });
  const midnight = Math.floor(runtime.now() / DAY_MS) * DAY_MS;
  for (const { name, lines } of inventedMonth(midnight - DAYS_BEFORE * DAY_MS))
    writeFileSync(join(logs, name), `${lines.join('\n')}\n`, { mode: 0o600 });
  let over = false;
  const feeding = feed(join(logs, 'live.jsonl'), callsASecond, { runtime, isOver: () => over });
  try {
    return await runWatch([logs], { ...flags, ledger, by: 'feature', span: 'today' }, runtime);
  } finally {
    over = true;
    await feeding;
  }
}

async function feed(
  file: string,
  callsASecond: number,
  { runtime, isOver }: { readonly runtime: Runtime; readonly isOver: () => boolean },
): Promise<void> {
  const began = runtime.now();
  const nextLine = liveTraffic(began);
  let written = 0;
  while (!isOver()) {
    const now = runtime.now();
    const due = Math.floor(((now - began) * callsASecond) / 1000) - written;
    if (due > 0) {
      appendFileSync(file, Array.from({ length: due }, () => nextLine(now)).join(''), {
        mode: 0o600,
      });
      written += due;
    }
    await runtime.wait(EVERY_MS);
  }
}
