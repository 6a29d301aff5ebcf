import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/render/clean-text.ts';

const HOSTILE = [
  { name: 'a colour', text: '\u001b[31mred\u001b[0m', shown: String.raw`\u{1b}[31mred\u{1b}[0m` },
  {
    name: 'a link (OSC 8)',
    text: '\u001b]8;;https://x.test\u0007go',
    shown: String.raw`\u{1b}]8;;https://x.test\u{7}go`,
  },
  { name: 'a one-byte CSI', text: '\u009b2J', shown: String.raw`\u{9b}2J` },
  { name: 'a carriage return that overwrites the line', text: '$9\r$1', shown: String.raw`$9\r$1` },
  { name: 'a line break and a tab', text: 'a\n\tb', shown: String.raw`a\n\tb` },
  { name: 'NUL, backspace and DEL', text: '\0\b\u007f', shown: String.raw`\u{0}\u{8}\u{7f}` },
  {
    name: 'a right-to-left override',
    text: 'a\u202e001\u202c',
    shown: String.raw`a\u{202e}001\u{202c}`,
  },
  { name: 'a bidi isolate', text: '\u2066x\u2069', shown: String.raw`\u{2066}x\u{2069}` },
  {
    name: 'zero width characters',
    text: 'se\u200barch\u200d\ufeff',
    shown: String.raw`se\u{200b}arch\u{200d}\u{feff}`,
  },
  {
    name: 'line and paragraph separators',
    text: 'a\u2028b\u2029',
    shown: String.raw`a\u{2028}b\u{2029}`,
  },
  { name: 'invisible tag characters', text: 'a\u{e0041}', shown: String.raw`a\u{e0041}` },
  { name: 'a lone surrogate', text: 'a\ud83d b\udc00', shown: String.raw`a\u{d83d} b\u{dc00}` },
  { name: 'private use', text: '\u{e000}\u{e001}', shown: String.raw`\u{e000}\u{e001}` },
  { name: 'a selector after nothing', text: 'a\ufe0f', shown: String.raw`a\u{fe0f}` },
  { name: 'a tower of marks', text: `e${'\u0301'.repeat(50)}`, shown: `e${'\u0301'.repeat(4)}` },
];

const HARMLESS = [
  '',
  'search',
  'Müller & Söhne',
  '株式会社',
  'חיפוש',
  '❤️ 🎉',
  "don't <b>",
  String.raw`C:\new`,
];

describe('cleanText', () => {
  it.each(HOSTILE)('shows $name and does not obey it', ({ text, shown }) => {
    expect(cleanText(text)).toBe(shown);
  });

  it.each(HARMLESS)('leaves %j as it is', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});
