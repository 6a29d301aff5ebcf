import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { digestOfCode } from '../config/decoder-digest.ts';
import { builtInModules } from './built-in-modules.ts';
import { bundledPackages } from './bundled-packages.ts';
import { CHUNKS } from './chunks.ts';
import { folderListing } from './folder-listing.ts';
import { knownAtBuild } from './known-at-build.ts';

/** Small packages that nearly every command needs: loading their files one by one takes longer than running them. */
const INSIDE = ['commander', 'chalk', 'cli-table3'];

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const outside = Object.keys(dependencies).filter((name) => !INSIDE.includes(name));

/**
 * What `npm run build` makes of the sources, from the folder of the package: a few files in `dist/`, since loading a
 * file takes Node about 0.3 ms, whatever is in it, and a report needs a hundred and sixty sources.
 */
export default defineConfig({
  input: {
    main: 'src/main.ts',
    'reading-thread': 'src/ingest/reading-thread.ts',
    'compile-cards': 'src/build/compile-cards.ts',
  },
  platform: 'node',
  transform: { target: 'es2024' },
  external: outside.map((name) => new RegExp(`^${name}(?:/|$)`)),
  // Nobody imports these files but each other: what is imported by name only needs no file of its own.
  preserveEntrySignatures: false,
  plugins: [
    folderListing(),
    knownAtBuild({ 'digestOfCode(ROOMS)': digestOfCode(['src/config', 'src/domain']) }),
    bundledPackages(),
    builtInModules(),
  ],
  // Some sources are imported on use by one command and at once by another.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    sourcemap: true,
    codeSplitting: {
      groups: CHUNKS.map(([name, test], at) => ({ name, test, priority: CHUNKS.length - at })),
    },
  },
});
