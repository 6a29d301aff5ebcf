import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

/** The only form in which folder-modules.ts may be called: the folder has to be known without running anything. */
const CALL = /\bmodulesIn<\w+>\(new URL\('([^']+)', import\.meta\.url\)\)/g;
const ANY_CALL = /\bmodulesIn\b(?=[<(])/g;

/**
 * Puts what a folder holds in the place of every call of `modulesIn`, since the files of the build hold many sources
 * each and leave no folder to list. Fails on a call in another form.
 */
export function folderListing(): Plugin {
  return {
    name: 'folder-listing',
    transform: {
      filter: { id: /\/src\/.*\.ts$/, code: 'modulesIn' },
      handler(code, file) {
        if (basename(file) === 'folder-modules.ts') return undefined;
        if (code.match(ANY_CALL)?.length !== code.match(CALL)?.length)
          this.error(`${file}: write modulesIn<Kind>(new URL('folder/', import.meta.url))`);
        const listed = code.replace(CALL, (_, folder: string) => modulesOf(dirname(file), folder));
        return { code: listed, map: null };
      },
    },
  };
}

/** An expression, of one line, with what modulesIn gives for a folder as a source in `place` names it. */
function modulesOf(place: string, folder: string): string {
  const files = readdirSync(join(place, folder)).filter((file) => file.endsWith('.ts'));
  const entries = files.sort().map((file) => {
    const path = `${folder.startsWith('.') ? '' : './'}${folder}${file}`;
    const load = `async () => (await import(${JSON.stringify(path)})).default`;
    return `[${JSON.stringify(basename(file, '.ts'))}, ${load}]`;
  });
  return `Promise.resolve(new Map([${entries.join(', ')}]))`;
}
