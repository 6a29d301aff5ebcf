import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What stands beside logs, by the log that it is named after; folders are read once a look. */
export class Beside {
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

  /** Files named after a log as rotations name them. */
  async namedAfter(path: string): Promise<readonly string[]> {
    const folder = dirname(path);
    const listed = this.#folders.get(folder) ?? namesIn(folder);
    this.#folders.set(folder, listed);
    return (await listed).get(basename(path)) ?? [];
  }
}

async function namesIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  for (const entry of await entriesOf(folder)) {
    if (!entry.isFile()) continue;
    for (const log of logsOf(entry.name)) {
      const list = names.get(log) ?? [];
      list.push(join(folder, entry.name));
      names.set(log, list);
    }
  }
  return names;
}

const PACKED = /\.(gz|zst)$/i;
const TIME = String.raw`[.-]\d[\dTZ._:-]*`;
const BEHIND = new RegExp(`^(.+?)(?:${TIME}|\\.old|\\.bak)$`);
const BEFORE_ENDING = new RegExp(`^(.+?)${TIME}(\\.[a-z]+)$`, 'i');

/**
 * The logs that a file may have been set aside from, by its name: `app.log` for `app.log.1`, `app.log-20261122`,
 * `app-2026-11-22.log` and `app.1.log`, packed or not.
 */
export function logsOf(name: string): readonly string[] {
  const plain = name.replace(PACKED, '');
  const behind = BEHIND.exec(plain)?.[1];
  const [, stem, ending] = BEFORE_ENDING.exec(plain) ?? [];
  return [
    ...(plain === name ? [] : [plain]),
    ...(behind === undefined ? [] : [behind]),
    ...(stem === undefined || ending === undefined ? [] : [`${stem}${ending}`]),
  ];
}

/** What a folder has; nothing when it is gone. */
export async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
