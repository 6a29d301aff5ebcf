import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Runtime } from '../runtime.ts';

/** The nearest of some names in a folder or above it; `undefined` when no folder upward has one. */
export function findUpward(from: string, name: string): string | undefined {
  for (let folder = resolve(from); ;) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Where aicost keeps what belongs to the user rather than to a project. */
export function dataFolder({ env, cwd }: Runtime): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? cwd;
  if (env['XDG_DATA_HOME'] !== undefined && env['XDG_DATA_HOME'] !== '')
    return join(env['XDG_DATA_HOME'], 'aicost');
  if (env['LOCALAPPDATA'] !== undefined) return join(env['LOCALAPPDATA'], 'aicost');
  const mac = join(home, 'Library', 'Application Support');
  return existsSync(mac) ? join(mac, 'aicost') : join(home, '.local', 'share', 'aicost');
}

/**
 * Where aicost keeps compiled rate cards between runs: AICOST_CACHE, else its part of the user's cache folder.
 * `undefined` for `AICOST_CACHE=off` and where the environment names no folder: then none are kept.
 */
export function cardCacheFolder({ env, cwd }: Runtime): string | undefined {
  const asked = env['AICOST_CACHE'] ?? '';
  if (asked === 'off') return undefined;
  if (asked !== '') return join(resolve(cwd, asked), 'cards');
  const caches = userCaches(env);
  return caches === undefined ? undefined : join(caches, 'aicost', 'cards');
}

/** The folder in which the programs of a user keep what can be made again. */
function userCaches(env: Runtime['env']): string | undefined {
  const folder = (name: string): string | undefined => {
    const path = env[name];
    return path !== undefined && isAbsolute(path) ? path : undefined;
  };
  const xdg = folder('XDG_CACHE_HOME');
  if (xdg !== undefined) return xdg;
  const local = folder('LOCALAPPDATA');
  if (local !== undefined) return local;
  const home = folder('HOME');
  // A home that is not there belongs to an account that is to have none.
  if (home === undefined || !existsSync(home)) return undefined;
  const mac = join(home, 'Library', 'Caches');
  return existsSync(mac) ? mac : join(home, '.cache');
}

/**
 * The ledger to use: --ledger, AICOST_LEDGER, `ledger:` of aicost.yaml, the nearest .aicost folder
 * upward, then the user's data folder.
 */
export function ledgerPath(
  runtime: Runtime,
  asked: string | undefined,
  configured: string | undefined,
): string {
  const named = asked ?? runtime.env['AICOST_LEDGER'];
  if (named !== undefined && named !== '')
    return named === ':memory:' ? named : resolve(runtime.cwd, named);
  if (configured !== undefined) return configured;
  return join(findUpward(runtime.cwd, '.aicost') ?? dataFolder(runtime), 'ledger.db');
}

/** A path as messages show it: relative to where the user stands when it lies below. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? path : near;
}
