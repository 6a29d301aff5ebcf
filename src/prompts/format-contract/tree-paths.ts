/** The folder of a path in a tree; empty for one at its root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Why a name cannot be a path inside a tree. */
export type PathProblem = 'absolute' | 'outside' | 'empty';

/**
 * The path in a tree that a name means when it is written in a file of `folder`. Absolute paths and those that
 * leave the tree by `..` lead nowhere, whatever is there.
 */
export function resolvePath(
  folder: string,
  name: string,
): { readonly kind: 'path'; readonly path: string } | { readonly kind: PathProblem } {
  const written = name.replaceAll('\\', '/');
  if (written.startsWith('/') || /^[a-z]:/i.test(written)) return { kind: 'absolute' };
  const steps: string[] = folder === '' ? [] : folder.split('/');
  for (const step of written.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return { kind: 'outside' };
  }
  return written === '' || steps.length === 0
    ? { kind: 'empty' }
    : { kind: 'path', path: steps.join('/') };
}
