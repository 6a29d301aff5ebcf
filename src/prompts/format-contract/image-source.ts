import type { FileTree } from '../file-tree.ts';
import type { ImageSource } from '../prompt.ts';
import { folderOf, resolvePath } from './tree-paths.ts';

/** Where an image is that a prompt of `path` names: inside the name itself, in the tree, or somewhere else. */
export function imageSourceOf(url: string, path: string, tree: FileTree): ImageSource {
  if (/^data:/i.test(url)) return { kind: 'data', url };
  if (/^[a-z][a-z\d+.-]+:/i.test(url)) return { kind: 'remote', url };
  const resolved = resolvePath(folderOf(path), url);
  return resolved.kind === 'path' && tree.paths.includes(resolved.path)
    ? { kind: 'file', path: resolved.path }
    : { kind: 'remote', url };
}
