import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;
/** Commander starts programs for commands that are files of their own. aicost has none, and the module is a tenth of its start. */
const PROGRAMS = /^import childProcess from .*;$/m;

/**
 * For the packages whose code is put into the files of the build: their licences lie beside it in
 * `dist/licences.txt`, and commander loads nothing that starts programs.
 */
export function bundledPackages(): Plugin {
  return {
    name: 'bundled-packages',
    transform: {
      filter: { id: /\/commander\/lib\/command\.js$/ },
      handler(code) {
        if (!PROGRAMS.test(code)) this.error('commander asks for child_process in another way');
        return { code: code.replace(PROGRAMS, 'const childProcess = undefined;'), map: null };
      },
    },
    generateBundle() {
      const folders = new Map<string, string>();
      for (const file of this.getModuleIds()) {
        const [folder, name] = PACKAGE.exec(file.replaceAll('\\', '/')) ?? [];
        if (folder !== undefined && name !== undefined && this.getModuleInfo(file)?.code != null)
          folders.set(name, folder);
      }
      this.emitFile({
        type: 'asset',
        fileName: 'licences.txt',
        source: [...folders]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, folder]) => licenceOf(name, folder))
          .join('\n'),
      });
    },
  };
}

/** Throws when a package has no licence, since it could not be passed on. */
function licenceOf(name: string, folder: string): string {
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
