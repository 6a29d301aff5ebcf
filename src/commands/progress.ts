import type { Runtime } from '../runtime.ts';

/** One line on the terminal that tells how far long work is. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

const EVERY_MS = 100;
const ERASE_LINE = '\r\u001b[2K';

/** Progress on stderr when a person looks at it; nothing in a pipe or with --quiet. */
export function openProgress(runtime: Runtime, quiet: boolean): Progress {
  if (quiet || !runtime.terminal.err) return { show: () => undefined, clear: () => undefined };
  let shownAt = 0;
  return {
    show(text) {
      const now = runtime.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      runtime.err(`${ERASE_LINE}${text.slice(0, runtime.columns - 1)}`);
    },
    clear() {
      if (shownAt > 0) runtime.err(ERASE_LINE);
      shownAt = 0;
    },
  };
}
