/** What a path of a tree holds. */
export type TreeFile =
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      /** Equal for equal contents in every tree of a run: a git blob id, or a digest. */
      readonly id: string;
    }
  /** It is there and its content is not: a pointer of git LFS, a submodule, a link that leaves the tree, an object that a partial clone lacks. */
  | { readonly kind: 'unresolved'; readonly why: string }
  | { readonly kind: 'absent' };

/**
 * A snapshot of files: a folder, the git index, or a commit. Paths are relative to the tree's root, with `/`
 * and without `.` or `..`. Reading it never writes anything and never runs anything of the tree.
 */
export interface FileTree {
  /** As people read it: `working tree`, `index`, `9f3c2a1`. */
  readonly name: string;
  /** Every path, sorted by code units. Folders are not listed; ignored and untracked files are those of the kind of tree. */
  readonly paths: readonly string[];
  /** Reads one file. Asking for many before waiting for the first lets a tree read them together. */
  readonly read: (path: string) => Promise<TreeFile>;
}

/** A tree in the middle of a sentence: `the working tree`, `commit 9f3c2a1`. */
export const treeWords = ({ name }: FileTree): string =>
  /^[0-9a-f]{7,64}$/.test(name) ? `commit ${name}` : `the ${name}`;
