let segmenter: Intl.Segmenter | undefined;

/** A letter and its marks stay together, whatever the language. Made when it is needed: it takes longer than a table. */
const segments = (text: string): Iterable<Intl.SegmentData> =>
  (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })).segment(text);

// Letters, dashes, arrows and boxes that take a column each and join with nothing among them, so that their number
// is their width: asking for graphemes costs the first text 10 ms.
const PLAIN =
  /^[ -~\u{a1}-\u{ac}\u{ae}-\u{2ff}\u{2010}-\u{2027}\u{2190}-\u{21ff}\u{2500}-\u{259f}]*$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{fe0f}/u;

// Marks, and the vowels and finals that join a Hangul syllable.
const NO_WIDTH = /^[\p{Mn}\p{Me}\u{1160}-\u{11ff}]$/u;

// East Asian Width W and F: https://www.unicode.org/reports/tr11/ (2026-08-01), blocks rather than code points.
const WIDE =
  /^[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe10}-\u{fe19}\u{fe30}-\u{fe6f}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}\u{16fe0}-\u{18d08}\u{1b000}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]$/u;

/** Columns that clean text takes on a terminal: wide characters and emoji 2, combining marks 0. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segments(text)) width += segmentWidth(segment);
  return width;
}

function segmentWidth(segment: string): number {
  if (EMOJI.test(segment)) return 2;
  let width = 0;
  for (const character of segment) {
    if (WIDE.test(character)) width += 2;
    else if (!NO_WIDTH.test(character)) width += 1;
  }
  return width;
}

/** The longest start of the text that takes at most `width` columns. */
function startOfText(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, width);
  let start = '';
  let used = 0;
  for (const { segment } of segments(text)) {
    used += textWidth(segment);
    if (used > width) break;
    start += segment;
  }
  return start;
}

/** The text in at most `width` columns, with `mark` in place of what does not fit. */
export function truncateText(text: string, width: number, mark: string): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(mark);
  return room < 1 ? startOfText(text, width) : `${startOfText(text, room).trimEnd()}${mark}`;
}

/** The text in lines of at most `width` columns, broken between words; only a longer word is cut. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line) > width) {
      // At least one character a line, so that a width of 1 and a wide character still end.
      const start = startOfText(line, width) || startOfText(line, 2) || line;
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}
