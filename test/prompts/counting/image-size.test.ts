import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataUrlImageSize, imageSize } from '../../../src/prompts/counting/image-size.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  );

// Headers written out by hand from the formats' documents: 640 is 0x0280, 480 is 0x01e0.
const PNG = bytes(
  '\x89PNG\r\n\x1a\n',
  [0, 0, 0, 13],
  'IHDR',
  [0, 0, 2, 0x80, 0, 0, 1, 0xe0],
  [8, 6, 0, 0, 0],
);
const GIF = bytes('GIF89a', [0x80, 2, 0xe0, 1], [0xf7, 0, 0]);
const LOSSY = bytes(
  'RIFF',
  [0, 0, 0, 0],
  'WEBPVP8 ',
  [0, 0, 0, 0],
  [0, 0, 0],
  [0x9d, 1, 0x2a],
  [0x80, 2, 0xe0, 1],
);
// 639 in 14 bits, then 479: 0x27f | 0x1df << 14 = 0x0077c27f.
const LOSSLESS = bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8L', [0, 0, 0, 0], [0x2f, 0x7f, 0xc2, 0x77, 0]);
const EXTENDED = bytes(
  'RIFF',
  [0, 0, 0, 0],
  'WEBPVP8X',
  [10, 0, 0, 0],
  [0, 0, 0, 0],
  [0x7f, 2, 0],
  [0xdf, 1, 0],
);
const frame = [0xff, 0xc2, 0, 17, 8, 1, 0xe0, 2, 0x80, 3];
const jpeg = (preface: number): Buffer =>
  bytes(
    [0xff, 0xd8],
    [0xff, 0xe1, ((preface + 2) >> 8) & 0xff, (preface + 2) & 0xff],
    'x'.repeat(preface),
    [0xff, 0xff, 0xfe, 0, 2],
    frame,
  );

const SIZE = { width: 640, height: 480 };
const PICTURES = {
  PNG,
  GIF,
  'lossy WebP': LOSSY,
  'lossless WebP': LOSSLESS,
  'extended WebP': EXTENDED,
  JPEG: jpeg(10),
  'JPEG with a long preface': jpeg(60_000),
};

describe('the size of a picture', () => {
  it.each(Object.entries(PICTURES))('is read from the header of a %s', (_, picture) => {
    expect(imageSize(picture)).toEqual(SIZE);
    // Wherever the bytes begin in their buffer.
    expect(imageSize(Buffer.concat([Buffer.from('abc'), picture]).subarray(3))).toEqual(SIZE);
  });

  it.each(Object.entries(PICTURES))(
    'is not known of a %s whose header is cut off anywhere',
    (_, picture) => {
      // The frame of a JPEG goes on after its sides, a PNG's header too.
      for (let length = 0; length < Math.min(picture.length - 6, 24); length += 1)
        expect(imageSize(picture.subarray(0, length))).toBeUndefined();
    },
  );

  it.each(Object.entries(PICTURES))('is read from a data URL of a %s', (_, picture) => {
    const url = `data:image/x;base64,${Buffer.concat([picture, Buffer.alloc(200_000)]).toString('base64')}`;
    expect(dataUrlImageSize(url)).toEqual(SIZE);
    expect(dataUrlImageSize(url.replace('image/x', 'image/svg+xml;charset=utf-8'))).toEqual(SIZE);
  });

  it.each([
    ['https://example.com/a.png'],
    ['data:image/png,%89PNG'],
    ['data:text/plain;base64,aGk='],
    ['data:image/png;base64,'],
    ['data:image/png;base64,!!!!'],
  ])('is not known of "%s"', (url) => {
    expect(dataUrlImageSize(url)).toBeUndefined();
  });

  it('is not known of a side of 0, of a scan before the frame, of a segment without length', () => {
    const flat = Buffer.from(PNG);
    flat.writeUInt32BE(0, 16);
    expect(imageSize(flat)).toBeUndefined();
    expect(imageSize(bytes([0xff, 0xd8, 0xff, 0xda, 0, 2], frame))).toBeUndefined();
    expect(imageSize(bytes([0xff, 0xd8, 0xff, 0xe1, 0, 0], frame))).toBeUndefined();
    expect(imageSize(bytes([0xff, 0xd8], 'no marker'))).toBeUndefined();
    expect(imageSize(Buffer.alloc(100_000, 0xff))).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    const starts = fc.constantFrom(
      ...Object.values(PICTURES).map((picture) => picture.subarray(0, 20)),
      Buffer.alloc(0),
    );
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const size = imageSize(Buffer.concat([start, rest]));
        expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true);
      }),
      { seed: 6, numRuns: 3_000 },
    );
  });
});
