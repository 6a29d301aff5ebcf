import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';

const EXTENSION = '.ts';

/**
 * What loads the default export of each file of a folder, by the file's name without its ending, sorted: every
 * file of such a folder is one thing of a kind, so that adding one touches nothing else. Called as
 * `modulesIn<Kind>(new URL('folder/', import.meta.url))` and in no other form: the files of the build hold many sources
 * each, and build/folder-listing.ts puts what the folder holds then in the place of the call.
 */
export async function modulesIn<Kind>(
  folder: URL,
): Promise<ReadonlyMap<string, () => Promise<Kind>>> {
  const files = (await readdir(folder)).filter((file) => extname(file) === EXTENSION).sort();
  return new Map(
    files.map((file) => [
      basename(file, EXTENSION),
      async () => ((await import(new URL(file, folder).href)) as { default: Kind }).default,
    ]),
  );
}
