import type { Key } from 'ink';

/** A key as the screen understands it; `text` is what it types where text is typed. */
export interface WatchKey {
  readonly name:
    | 'up'
    | 'down'
    | 'left'
    | 'right'
    | 'page-up'
    | 'page-down'
    | 'home'
    | 'end'
    | 'enter'
    | 'escape'
    | 'tab'
    | 'back-tab'
    | 'erase'
    | 'filter'
    | 'pause'
    | 'span'
    | 'unit'
    | 'help'
    | 'quit'
    | 'interrupt'
    | 'text';
  readonly text?: string;
}

const LETTERS: Readonly<Record<string, WatchKey['name']>> = {
  '/': 'filter',
  p: 'pause',
  t: 'span',
  u: 'unit',
  '?': 'help',
  q: 'quit',
  j: 'down',
  k: 'up',
  h: 'left',
  l: 'right',
};

type Pressed = Pick<
  Key,
  | 'upArrow'
  | 'downArrow'
  | 'leftArrow'
  | 'rightArrow'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'return'
  | 'escape'
  | 'tab'
  | 'shift'
  | 'ctrl'
  | 'backspace'
  | 'delete'
>;

/**
 * What was pressed, in order: letters that come together are one text where text is typed, and as many keys where not.
 * A text's control characters are left out.
 */
export const keysOf = (input: string, key: Pressed, typing: boolean): readonly WatchKey[] =>
  typing || Array.from(input).length < 2
    ? [keyOf(input, key)]
    : Array.from(input, (letter) => keyOf(letter, key));

/** What one key press means, or letters that came with it. */
export function keyOf(input: string, key: Pressed): WatchKey {
  if (key.ctrl && input === 'c') return { name: 'interrupt' };
  if (key.upArrow) return { name: 'up' };
  if (key.downArrow) return { name: 'down' };
  if (key.leftArrow) return { name: 'left' };
  if (key.rightArrow) return { name: 'right' };
  if (key.pageUp) return { name: 'page-up' };
  if (key.pageDown) return { name: 'page-down' };
  if (key.home) return { name: 'home' };
  if (key.end) return { name: 'end' };
  if (key.return) return { name: 'enter' };
  if (key.escape) return { name: 'escape' };
  if (key.tab) return { name: key.shift ? 'back-tab' : 'tab' };
  if (key.backspace || key.delete) return { name: 'erase' };
  const typed = textOf(input);
  const { text } = typed;
  const name =
    text !== undefined && Object.hasOwn(LETTERS, text) && !key.ctrl ? LETTERS[text] : undefined;
  return name === undefined ? typed : { ...typed, name };
}

/** A text, as pasted ones always are: none of its letters is a key. Its control characters are left out. */
export function textOf(input: string): WatchKey {
  const text = input.replace(/[\p{Cc}\p{Cf}]/gu, '');
  return { name: 'text', ...(text === '' ? {} : { text }) };
}
