import type { TreeFile } from '../../prompts/file-tree.ts';

/** Most bytes of a file that are read. A prompt is kilobytes; what is larger says so instead of filling memory. */
export const MOST_BYTES = 64 * 1024 * 1024;

/**
 * A pointer of git LFS: under 1,024 bytes, beginning with its version.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, 2026-11-22.
 */
const LFS_POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\n(?:[a-z0-9.-]+ .*\n)*?size (\d+)\n/;

const readable = (count: number): string => `${count.toLocaleString('en-US')} bytes`;

/** What a path holds whose bytes were read: themselves, or what they point at. */
export function heldBy(bytes: Uint8Array, id: string): TreeFile {
  if (bytes.length < 1024) {
    const [, size] = LFS_POINTER.exec(Buffer.from(bytes).toString('latin1')) ?? [];
    if (size !== undefined)
      return unresolved(`its content (${readable(Number(size))}) is in git LFS`);
  }
  return { kind: 'file', bytes, id };
}

/** A path whose content is there but not read. */
export const unresolved = (why: string): TreeFile => ({ kind: 'unresolved', why });

/** A path with more bytes than are read. */
export const tooLarge = (bytes: number): TreeFile =>
  unresolved(
    `it has ${readable(bytes)}, more than the ${readable(MOST_BYTES)} that are read of a file`,
  );
