import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deployments } from '../domain/deployments.ts';
import { RATING_RULES } from '../domain/rating-rules.ts';
import { UserError } from '../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The cards that ship with aicost. */
const SHIPPED = fileURLToPath(new URL('rates/', PACKAGE_ROOT));

/** Lies beside the shipped cards and is none: it says how tokens are counted, not what they cost. */
const COUNTING_RULES = 'counting.yaml';

/** Where the build puts the shipped cards in their compiled form. */
export const PACKAGED = fileURLToPath(new URL('dist/cards/', PACKAGE_ROOT));

/** A card file on disk. `shipped` ones are checked at release; a user's own are checked when read. */
export interface CardFile {
  readonly file: string;
  readonly shipped: boolean;
  /** Its text, where it was read already: a card of a commit stands in no folder. */
  readonly text?: string;
}

/**
 * The card files in force: the shipped ones, then those of `own`, each a file or a folder.
 * Throws UserError when a path of `own` is not there.
 */
export function cardFiles(own: readonly string[]): readonly CardFile[] {
  return [...cardsIn(SHIPPED).map((file) => ({ file, shipped: true })), ...ownCardFiles(own)];
}

/** The card files behind a user's paths. Throws UserError when one is not there. */
export const ownCardFiles = (paths: readonly string[]): readonly CardFile[] =>
  paths.flatMap((path) => ownFiles(path).map((file) => ({ file, shipped: false })));

const cardsIn = (folder: string): readonly string[] =>
  yamlFiles(folder).filter((file) => basename(file) !== COUNTING_RULES);

/** The YAML files of a folder, in the order of their names. */
export const yamlFiles = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));

function ownFiles(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const files = cardsIn(path);
    if (files.length === 0) throw new UserError(`no rate card in the folder ${path}`);
    return files;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`no rate card at ${path}`, {
      cause,
      hint: 'Name a YAML file or a folder of them with --rates.',
    });
  }
}

/**
 * Says in a few characters which cards, overlays and deployments are in force: changes when a byte of any of
 * them does, and with the rules that read them.
 */
export function cardsDigest(
  files: readonly CardFile[],
  overlays: readonly string[] = [],
  deployments: Deployments = new Map(),
): string {
  const hash = createHash('sha256').update(`rules ${RATING_RULES}\0`);
  for (const file of [...files.map((card) => card.file), ...overlays])
    hash.update(basename(file)).update('\0').update(readFileSync(file)).update('\0');
  if (deployments.size > 0)
    hash.update(JSON.stringify([...deployments].map(([provider, names]) => [provider, ...names])));
  return hash.digest('hex').slice(0, 16);
}

/** A path as messages show it: shipped cards as `rates/openai.yaml` wherever they are installed. */
export const shownCardPath = (file: string): string =>
  file.startsWith(SHIPPED) ? join('rates', relative(SHIPPED, file)) : file;
