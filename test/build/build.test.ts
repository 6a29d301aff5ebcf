import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { builtInModules } from '../../src/build/built-in-modules.ts';
import { folderListing } from '../../src/build/folder-listing.ts';
import { knownAtBuild } from '../../src/build/known-at-build.ts';
import { cardFiles, cardsDigest } from '../../src/config/card-files.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { mustRun } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Builds `src/main.ts` of some sources, by their paths, and says where its only file is and what is in it. */
async function built(
  sources: Readonly<Record<string, string>>,
  plugin: Plugin,
): Promise<{ readonly file: string; readonly code: string }> {
  const folder = freshFolder();
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const bundle = await rolldown({
    input: join(folder, 'src/main.ts'),
    platform: 'node',
    plugins: [plugin],
    logLevel: 'silent',
  });
  const file = join(folder, 'dist/main.mjs');
  const { output } = await bundle.write({ file, codeSplitting: false });
  await bundle.close();
  return { file, code: output[0].code };
}

const LISTER = `import { modulesIn } from './folder-modules.ts';
export const trees = await modulesIn<string>(new URL('trees/', import.meta.url));
`;
const TREES = {
  'src/folder-modules.ts': readFileSync(join(ROOT, 'src/folder-modules.ts'), 'utf8'),
  'src/trees/oak.ts': "export default 'an oak';",
  'src/trees/ash.ts': "export default 'an ash';",
  'src/trees/notes.md': 'no tree',
};

describe('the folders whose every file is one of a kind', () => {
  it('are listed in the build as from the sources, sorted, without what is no source', async () => {
    const { file } = await built({ ...TREES, 'src/main.ts': LISTER }, folderListing());
    const { trees } = (await import(pathToFileURL(file).href)) as {
      trees: ReadonlyMap<string, () => Promise<string>>;
    };
    expect([...trees.keys()]).toEqual(['ash', 'oak']);
    expect(await trees.get('oak')?.()).toBe('an oak');
  });

  it('are refused where they are asked for in another form', async () => {
    const main = LISTER.replace("new URL('trees/', import.meta.url)", 'place');
    await expect(built({ ...TREES, 'src/main.ts': main }, folderListing())).rejects.toThrow(
      /src\/main\.ts: write modulesIn<Kind>\(new URL\('folder\/', import\.meta\.url\)\)/,
    );
  });

  it('are whole in the package: every format of usage and bills is known to aicost', () => {
    const adapters = join(ROOT, 'src/adapters');
    const files = [...readdirSync(adapters), ...readdirSync(join(adapters, 'bills'))];
    const ids = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
    const listed: { readonly rows: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(
      mustRun(['ingest', '--list', '--format', 'json'], freshFolder()),
    );
    expect(new Set(listed.rows.map(({ format }) => format))).toEqual(new Set(ids));
  });
});

describe("Node's own modules", () => {
  it('are asked for by function, under the names that they are imported by', async () => {
    const main = `import path, { join as put } from 'node:path';
import * as url from 'node:url';
import process$1 from 'node:process';
import { EOL as end } from 'node:os';
import { createHash, hash as once } from 'node:crypto';
export const all = [put('a', 'b'), path.sep, url.pathToFileURL('/a').href, end, process$1.title];
export const sums = [createHash('md5').update('').digest('hex'), once('md5', '')];
`;
    const { file, code } = await built({ 'src/main.ts': main }, builtInModules());
    expect(code).not.toMatch(/\bimport\b|\bfrom\b/);
    const { all, sums } = (await import(pathToFileURL(file).href)) as Readonly<
      Record<'all' | 'sums', readonly string[]>
    >;
    expect(all).toEqual(['a/b', '/', 'file:///a', '\n', process.title]);
    // MD5 of nothing: RFC 1321, appendix A.5.
    expect(sums).toEqual(Array(2).fill('d41d8cd98f00b204e9800998ecf8427e'));
  });
});

describe('the build', () => {
  const files = readdirSync(join(ROOT, 'dist')).filter((file) => file.endsWith('.js'));

  it("imports no module of Node's, and none of its files needs one that imports it back", () => {
    const importsOf = (file: string): readonly string[] =>
      [
        ...readFileSync(join(ROOT, 'dist', file), 'utf8').matchAll(
          /^(?:import|export) .*from "([^"]+)";$/gm,
        ),
      ].map(([, from = '']) => from);
    expect(files.flatMap(importsOf).filter((from) => from.startsWith('node:'))).toEqual([]);
    const left = new Map(
      files.map((file) => [`./${file}`, importsOf(file).filter((from) => from.startsWith('./'))]),
    );
    // Whatever imports nothing that is left goes; in a circle nothing could.
    for (let before = Infinity; left.size < before;) {
      before = left.size;
      for (const [file, imports] of left)
        if (!imports.some((from) => left.has(from))) left.delete(file);
    }
    expect([...left.keys()]).toEqual([]);
  });
});

describe('what only the sources can tell', () => {
  const known = { 'digestOf(SOURCES)': 'abc"\\' };

  it('is put where they ask for it', async () => {
    const main = 'export const digest = digestOf(SOURCES);';
    const { file } = await built({ 'src/main.ts': main }, knownAtBuild(known));
    expect(await import(pathToFileURL(file).href)).toMatchObject({ digest: 'abc"\\' });
  });

  it('fails the build where nobody asks any more', async () => {
    const main = 'export const digest = digestOf(ALL);';
    await expect(built({ 'src/main.ts': main }, knownAtBuild(known))).rejects.toThrow(
      'no source has digestOf(SOURCES)',
    );
  });
});

describe('the shipped cards', () => {
  it('lie in the package with their digest, so that nobody has to take it again', () => {
    const [digest, ...rest] = readFileSync(join(ROOT, 'dist/cards/digested'), 'utf8').split('\n');
    const taken = createHash('sha256').update(rest.join('\n')).digest('hex').slice(0, 16);
    expect([digest, cardsDigest(cardFiles([]))]).toEqual([taken, taken]);
  });
});

describe('packages whose code is in the build', () => {
  it('have their licences beside it', () => {
    const licences = readFileSync(join(ROOT, 'dist/licences.txt'), 'utf8');
    const named = licences.split('\n').filter((line) => /^[@a-z0-9/-]+$/.test(line));
    // cli-table3 brings the others.
    expect(named).toEqual([
      '@colors/colors',
      'ansi-regex',
      'chalk',
      'cli-table3',
      'commander',
      'emoji-regex',
      'is-fullwidth-code-point',
      'string-width',
      'strip-ansi',
    ]);
  });
});
