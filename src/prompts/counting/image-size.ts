import type { ImageSize } from './image-tokens.ts';

/**
 * Sides of a picture by the header of PNG, JPEG, GIF or WebP; pixels are never decoded. `undefined` for other
 * formats, for a header that is cut off and for one that gives a side of 0.
 */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = pngSize(view) ?? gifSize(view) ?? webpSize(view) ?? jpegSize(view);
    return size === undefined || size.width === 0 || size.height === 0 ? undefined : size;
  } catch (error) {
    // A DataView reads nothing past its end: the header promises more than there is.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Bytes of a data URL that are decoded first: enough for every format but a JPEG with a long preface. */
const FIRST_BYTES = 3 * 1024;
const PREFACE = /^data:image\/[a-z0-9.+-]{1,40}(?:;[a-z0-9=.+-]{1,40}){0,4};base64,/i;

/** Sides of a picture in a `data:` URL of base64, decoding no more of it than the header takes. */
export function dataUrlImageSize(url: string): ImageSize | undefined {
  const start = PREFACE.exec(url)?.[0].length;
  if (start === undefined) return undefined;
  for (let bytes = FIRST_BYTES; ; bytes *= 16) {
    const end = start + (bytes / 3) * 4;
    const size = imageSize(Buffer.from(url.slice(start, end), 'base64'));
    if (size !== undefined || end >= url.length) return size;
  }
}

function startsWith(view: DataView, text: string, at = 0): boolean {
  if (view.byteLength < at + text.length) return false;
  for (let index = 0; index < text.length; index += 1)
    if (view.getUint8(at + index) !== text.charCodeAt(index)) return false;
  return true;
}

/** https://www.w3.org/TR/png-3/#11IHDR */
const pngSize = (view: DataView): ImageSize | undefined =>
  startsWith(view, '\u0089PNG\r\n\u001a\n') && startsWith(view, 'IHDR', 12)
    ? { width: view.getUint32(16), height: view.getUint32(20) }
    : undefined;

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, 18. Logical Screen Descriptor. */
const gifSize = (view: DataView): ImageSize | undefined =>
  startsWith(view, 'GIF87a') || startsWith(view, 'GIF89a')
    ? { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    : undefined;

/** https://developers.google.com/speed/webp/docs/riff_container: lossy, lossless and extended. */
function webpSize(view: DataView): ImageSize | undefined {
  if (!startsWith(view, 'RIFF') || !startsWith(view, 'WEBP', 8)) return undefined;
  if (startsWith(view, 'VP8 ', 12) && startsWith(view, '\u009d\u0001*', 23))
    // The upper two bits of a side are its scale.
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (startsWith(view, 'VP8L', 12) && view.getUint8(20) === 0x2f) {
    const sides = view.getUint32(21, true);
    return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(view, 'VP8X', 12)) return undefined;
  const side = (at: number): number =>
    (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
  return { width: side(24), height: side(27) };
}

/** Markers that have no length after them, and those of frames that say how large the picture is. */
const isAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const SCAN = 0xda;
const END = 0xd9;

/** https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B: segments are skipped until the frame's. */
function jpegSize(view: DataView): ImageSize | undefined {
  if (!startsWith(view, '\u00ff\u00d8')) return undefined;
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    // A marker may have any number of 0xff before it.
    while (view.getUint8(at) === 0xff) at += 1;
    const marker = view.getUint8(at);
    at += 1;
    if (isAlone(marker)) continue;
    if (marker === SCAN || marker === END) return undefined;
    if (isFrame(marker)) return { height: view.getUint16(at + 3), width: view.getUint16(at + 5) };
    const length = view.getUint16(at);
    if (length < 2) return undefined;
    at += length;
  }
}
