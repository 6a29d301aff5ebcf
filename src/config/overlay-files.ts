import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { yamlFiles } from './card-files.ts';

/** Folders beside own cards in which overlays are looked for. */
const FOLDERS = ['contracts', 'infrastructure'];

/** A user's rate paths, told apart: what holds cards, and the overlay files among and below them. */
export function ownFiles(own: readonly string[]): {
  readonly cards: readonly string[];
  readonly overlays: readonly string[];
} {
  const holdsCards = (path: string): boolean => {
    if (!existsSync(path)) return true;
    if (!statSync(path).isDirectory()) return !isOverlay(path);
    // A folder of nothing at all is told to the user where cards are read.
    return yamlFiles(path).length > 0 || overlayFiles([path]).length === 0;
  };
  return { cards: own.filter(holdsCards), overlays: overlayFiles(own) };
}

/**
 * The overlay files behind a user's rate paths: those in `contracts/` and `infrastructure/` of a folder,
 * and a file that says itself that it is one. The shipped cards have none.
 */
const overlayFiles = (own: readonly string[]): readonly string[] =>
  own.flatMap((path) => {
    if (!existsSync(path)) return [];
    if (!statSync(path).isDirectory()) return isOverlay(path) ? [path] : [];
    return FOLDERS.map((folder) => join(path, folder))
      .filter((folder) => existsSync(folder))
      .flatMap(yamlFiles);
  });

/** What says which kind of file it is. */
export const KIND = /^(rate_card|contract|infrastructure)[ \t]*:/m;

/** Whether a YAML file holds a contract or infrastructure, by the first key that says what it is. */
const isOverlay = (file: string): boolean => {
  const kind = KIND.exec(readFileSync(file, 'utf8'))?.[1];
  return kind === 'contract' || kind === 'infrastructure';
};
