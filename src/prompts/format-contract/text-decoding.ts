/** Bytes as text, and how they were read. */
export interface DecodedText {
  /** With its byte order mark, where it has one: a model is sent it too. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

/**
 * Bytes of a text file. What is not UTF-8 is read as windows-1252, which gives every byte a character, so that
 * an old file is counted nearly right instead of not at all. UTF-16 only where its byte order mark says so.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return utf16(bytes, 'utf-16be');
  try {
    return { text: utf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: windows1252.decode(bytes), encoding: 'windows-1252' };
  }
}

const utf16 = (bytes: Uint8Array, label: string): DecodedText => ({
  text: new TextDecoder(label, { ignoreBOM: true }).decode(bytes),
  encoding: 'utf-16',
});

/** Text of a format with a grammar (JSON, YAML): there a byte order mark is no content. */
export const withoutByteOrderMark = (text: string): string =>
  text.startsWith('\uFEFF') ? text.slice(1) : text;
