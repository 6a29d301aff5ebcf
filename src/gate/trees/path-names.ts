const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A path as text. Git and most systems keep paths as bytes: those that are no UTF-8 are written `\xE9`, so that
 * different paths stay different and none is lost.
 */
export function pathName(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 0x80
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join('');
  }
}

/** Records of a command's `-z` output, each without the NUL behind it. */
export function* recordsOf(output: Buffer): Generator<Buffer> {
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    if (end === -1) return;
    yield output.subarray(at, end);
    at = end + 1;
  }
}
