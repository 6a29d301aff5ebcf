import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventedMonth } from '../demo/invented-month.ts';
import { liveTraffic } from '../demo/live-traffic.ts';
import type { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { LIVE_LOG, makeDemoFolder } from './demo-folder.ts';
import { runWatch } from './watch.ts';

/** Milliseconds between two parts of invented calls. */
const EVERY_MS = 200;
const DAY_MS = 86_400_000;
const DAYS_BEFORE = 31;

/** A month of logs until last midnight UTC, and a screen that watches invented calls come in. Throws UserError. */
export async function liveDemo(
  dir: string | undefined,
  callsASecond: number,
  flags: { readonly color?: boolean; readonly quiet?: boolean },
  runtime: Runtime,
): Promise<ExitCode> {
  const midnight = Math.floor(runtime.now() / DAY_MS) * DAY_MS;
  const month = inventedMonth(midnight - DAYS_BEFORE * DAY_MS);
  const { logs, ledger } = makeDemoFolder(dir, 'demo-live', month, runtime);
  let over = false;
  const feeding = feed(join(logs, LIVE_LOG), callsASecond, { runtime, isOver: () => over });
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
