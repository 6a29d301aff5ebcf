import { countArgument, type Filter, flagArgument, textArgument } from './jinja-filter.ts';
import { textOf } from './jinja-values.ts';

/** A filter that turns text into text. */
const onText =
  (change: (text: string) => string): Filter =>
  (input, { work }) => {
    const text = textOf(input, work);
    work.spend(text.length);
    return change(text);
  };

const same: Filter = (input) => input;

const capitalized = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

const titled = (text: string): string => text.replace(/[^\s([{<-]+/g, capitalized);

const HTML: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

const escaped = onText((text) => text.replace(/[&<>"']/g, (found) => HTML.get(found) ?? found));

const trim: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const characters = textArgument(call, 0, 'chars', '');
  if (characters === '') return text.trim();
  const unwanted = new Set(characters);
  let [start, end] = [0, text.length];
  while (start < end && unwanted.has(text[start] ?? '')) start += 1;
  while (end > start && unwanted.has(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
};

const replace: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const old = textArgument(call, 0, 'old', '');
  const by = textArgument(call, 1, 'new', '');
  const most = countArgument(call, 2, 'count', Number.POSITIVE_INFINITY);
  call.work.spend(text.length);
  const parts = text.split(old);
  const rest = parts.splice(Math.max(0, most) + 1);
  call.work.fits(text.length + parts.length * by.length);
  return [parts.join(by), ...rest].join(old);
};

const indent: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const width = call.named.get('width') ?? call.plain[0];
  const blanks =
    typeof width === 'string'
      ? width
      : ' '.repeat(widthOf(countArgument(call, 0, 'width', 4), call.work.fits));
  const lines = text.split('\n');
  call.work.spend(text.length);
  call.work.fits(text.length + lines.length * blanks.length);
  const [first, blank] = [
    flagArgument(call, 1, 'first', false),
    flagArgument(call, 2, 'blank', false),
  ];
  return lines
    .map((line, index) =>
      (index === 0 ? first : blank || line.trim() !== '') ? blanks + line : line,
    )
    .join('\n');
};

/** A width as it may be written out. Throws RenderingCapError for one longer than a prompt. */
function widthOf(width: number, fits: (length: number) => void): number {
  fits(width);
  return Math.max(0, width);
}

const center: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const width = widthOf(countArgument(call, 0, 'width', 80), call.work.fits);
  const left = Math.max(0, Math.floor((width - text.length) / 2));
  return text.padStart(text.length + left).padEnd(width);
};

/** Cut to a length, at a blank unless words may be cut; texts a little longer than that stay (`leeway`). */
const truncate: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const jinja = call.work.dialect === 'jinja';
  const length = Math.max(0, countArgument(call, 0, 'length', 255));
  const end = textArgument(call, 2, 'end', '...');
  const leeway = countArgument(call, 3, 'leeway', jinja ? 5 : 0);
  if (text.length <= length + leeway) return text;
  const kept = text.slice(0, jinja ? Math.max(0, length - end.length) : length);
  if (flagArgument(call, 1, 'killwords', false)) return kept + end;
  const blank = kept.lastIndexOf(' ');
  return (blank < 0 ? kept : kept.slice(0, blank)) + end;
};

const wordwrap: Filter = (input, call) => {
  const text = textOf(input, call.work);
  const width = Math.max(1, countArgument(call, 0, 'width', 79));
  const wrap = textArgument(call, 2, 'wrapstring', '\n');
  call.work.spend(text.length);
  call.work.fits(text.length + Math.ceil(text.length / width) * (wrap.length + 1));
  return text
    .split('\n')
    .map((line) => wrapped(line, width).join(wrap))
    .join('\n');
};

/** A line as lines that are no longer than `width`; longer words are cut. */
function wrapped(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length <= width) {
      current += ` ${word}`;
      continue;
    }
    if (current !== '') lines.push(current);
    let rest = word;
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    current = rest;
  }
  return [...lines, current];
}

/** `"%s of %d" | format(a, b)`: the conversions that prompts use. */
const format: Filter = (input, call) => {
  let index = 0;
  const text = textOf(input, call.work).replace(
    /%(?:\((\w{1,60})\))?([sdirfx%])/g,
    (_found, name: string | undefined, type: string) => {
      if (type === '%') return '%';
      const value = name === undefined ? call.plain[index++] : call.named.get(name);
      if (value === undefined) return '';
      if (type === 'f') return Number(textOf(value, call.work)).toFixed(6);
      if (type === 'x') return Math.trunc(Number(textOf(value, call.work))).toString(16);
      const printed = textOf(value, call.work);
      call.work.fits(printed.length * (index + 1));
      return type === 's' || type === 'r' ? printed : String(Math.trunc(Number(printed)));
    },
  );
  call.work.fits(text.length);
  return text;
};

const words: Filter = (input, { work }) => {
  const text = textOf(input, work);
  work.spend(text.length);
  return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
};

/** Tags and comments of HTML dropped, blanks made single. */
const stripTags = onText((text) =>
  text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim(),
);

const urlEncoded = onText((text) => encodeURIComponent(text.toWellFormed()));

/** Filters of text, by name. */
export const TEXT_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['upper', onText((text) => text.toUpperCase())],
  ['lower', onText((text) => text.toLowerCase())],
  ['capitalize', onText(capitalized)],
  ['title', onText(titled)],
  ['string', onText((text) => text)],
  ['escape', escaped],
  ['e', escaped],
  ['forceescape', escaped],
  ['safe', same],
  ['trim', trim],
  ['replace', replace],
  ['indent', indent],
  ['center', center],
  ['truncate', truncate],
  ['wordwrap', wordwrap],
  ['format', format],
  ['wordcount', words],
  ['striptags', stripTags],
  ['urlencode', urlEncoded],
  ['nl2br', onText((text) => text.replaceAll('\n', '<br />\n'))],
]);

/** Filters that leave about as much text as they are given, so that a value known by its size keeps it. */
export const KEEP_SIZE: ReadonlySet<string> = new Set([
  'upper',
  'lower',
  'capitalize',
  'title',
  'string',
  'escape',
  'e',
  'forceescape',
  'safe',
  'trim',
  'indent',
  'wordwrap',
  'striptags',
  'tojson',
  'dump',
  'default',
  'd',
  'center',
  'replace',
  'join',
  'list',
  'sort',
  'reverse',
  'unique',
]);
