import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the bench compares with. Neither becomes a dependency: they are installed beside the bench's data, once. */
const DUCKDB = { name: '@duckdb/node-api', version: '1.5.6-r.1' };
/** The newest release whose Linux binary can be had; the package named `ccusage` is only a launcher in Node. */
const CCUSAGE = {
  name: `@ccusage/ccusage-${process.platform}-${process.arch}`,
  version: '20.0.24',
};

/** Which releases they are. */
export const PEERS = `DuckDB ${DUCKDB.version}, ccusage ${CCUSAGE.version}`;

/** A peer that is there, or why it is not. */
export type Peer =
  | { readonly kind: 'there'; readonly title: string; readonly path: string }
  | { readonly kind: 'missing'; readonly title: string; readonly why: string };

/** DuckDB's package for Node; `path` is the folder that it is installed in. */
export const duckdb = (kept: string): Peer => {
  const title = 'DuckDB';
  const folder = join(kept, `duckdb-${DUCKDB.version}`);
  return installed(folder, DUCKDB, title, folder);
};

/** Native ccusage; `path` is the program itself. */
export function ccusage(kept: string): Peer {
  const title = 'ccusage';
  const folder = join(kept, `ccusage-${CCUSAGE.version}`);
  const program = join(folder, 'node_modules', CCUSAGE.name, 'bin/ccusage');
  const peer = installed(folder, CCUSAGE, title, program);
  if (peer.kind === 'there') chmodSync(program, 0o755);
  return peer;
}

function installed(
  folder: string,
  { name, version }: { readonly name: string; readonly version: string },
  title: string,
  path: string,
): Peer {
  if (existsSync(join(folder, 'node_modules', name, 'package.json')))
    return { kind: 'there', title, path };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const { status, stderr, error } = spawnSync(
    'npm',
    [
      'install',
      '--prefix',
      folder,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `${name}@${version}`,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status === 0 && existsSync(path)) return { kind: 'there', title, path };
  const why =
    error?.message ?? stderr.split('\n').find((line) => line.startsWith('npm error')) ?? '';
  return { kind: 'missing', title, why: `npm could not install ${name}@${version}. ${why}`.trim() };
}
