import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
  const content = contentOf(files, overlays, deployments);
  const { digest, of } = digestedAtBuild();
  return of?.equals(content) === true ? digest : digestOf(content);
}

/** All that a digest of cards is taken of. */
function contentOf(
  files: readonly CardFile[],
  overlays: readonly string[],
  deployments: Deployments,
): Buffer {
  const parts = [...files.map((card) => card.file), ...overlays].flatMap((file) => [
    Buffer.from(`${basename(file)}\0`),
    readFileSync(file),
    Buffer.from('\0'),
  ]);
  const names = [...deployments].map(([provider, known]) => [provider, ...known]);
  return Buffer.concat([
    Buffer.from(`rules ${RATING_RULES}\0`),
    ...parts,
    Buffer.from(names.length === 0 ? '' : JSON.stringify(names)),
  ]);
}

const digestOf = (content: Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

/** Where the build puts what the digest of the shipped cards was taken of, behind the digest and a line break. */
const DIGESTED = join(PACKAGED, 'digested');

/**
 * The shipped cards as the build found them, with their digest: comparing takes a tenth of what loading Node's
 * hashes and taking one does, at every report, and misses as little.
 */
function digestedAtBuild(): { readonly digest: string; readonly of: Buffer | undefined } {
  try {
    const whole = readFileSync(DIGESTED);
    const end = whole.indexOf('\n');
    return { digest: whole.toString('latin1', 0, end), of: whole.subarray(end + 1) };
  } catch {
    return { digest: '', of: undefined };
  }
}

/** Writes what `cardsDigest` compares the shipped cards with; for the build. */
export function keepShippedDigest(): void {
  const content = contentOf(cardFiles([]), [], new Map());
  writeFileSync(DIGESTED, Buffer.concat([Buffer.from(`${digestOf(content)}\n`), content]));
}

/** A path as messages show it: shipped cards as `rates/openai.yaml` wherever they are installed. */
export const shownCardPath = (file: string): string =>
  file.startsWith(SHIPPED) ? join('rates', relative(SHIPPED, file)) : file;
