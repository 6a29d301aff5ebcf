import { isUtf8 } from 'node:buffer';

/** Text as bytes of valid UTF-8. */
export interface Utf8Text {
  readonly bytes: Uint8Array;
  /** Whether bytes that are no UTF-8 were replaced by U+FFFD. */
  readonly replaced: boolean;
}

/**
 * Bytes of a file as tokenizers get its text: valid UTF-8 as it is, a byte order mark included, and U+FFFD for
 * each longest beginning of a character that is cut off (https://encoding.spec.whatwg.org/#utf-8-decoder).
 */
export function utf8Text(bytes: Uint8Array): Utf8Text {
  if (isUtf8(bytes)) return { bytes, replaced: false };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { bytes: new TextEncoder().encode(text), replaced: true };
}

/** The text of bytes of valid UTF-8, with its byte order mark. */
export const textOfUtf8 = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
