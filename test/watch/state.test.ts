import { describe, expect, it } from 'vitest';
import { keyOf, keysOf, textOf, type WatchKey } from '../../src/watch/keys.ts';
import {
  firstState,
  reduce,
  shownTop,
  type WatchAction,
  wantedOf,
  type WatchState,
} from '../../src/watch/state.ts';
import { morning, snapshotOf } from '../support/watch-screen.ts';

const NO_KEY = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
};

const pressed = (key: WatchKey): WatchAction => ({ kind: 'pressed', key });
const press = (state: WatchState, ...keys: readonly (WatchKey['name'] | WatchKey)[]): WatchState =>
  keys.reduce<WatchState>(
    (at, key) => reduce(at, pressed(typeof key === 'string' ? { name: key } : key)),
    state,
  );
const type = (state: WatchState, text: string): WatchState =>
  Array.from(text).reduce((at, letter) => reduce(at, pressed(keyOf(letter, NO_KEY))), state);
const namesOf = (state: WatchState) => shownTop(state).map(({ name }) => name);

describe('keys', () => {
  it.each([
    ['an arrow', '', { upArrow: true }, { name: 'up' }],
    ['tab', '', { tab: true }, { name: 'tab' }],
    ['shift and tab', '', { tab: true, shift: true }, { name: 'back-tab' }],
    ['q', 'q', {}, { name: 'quit', text: 'q' }],
    ['control and c', 'c', { ctrl: true }, { name: 'interrupt' }],
    ['a letter', 'x', {}, { name: 'text', text: 'x' }],
    ['pasted text, without what it hides', 'a\u001b[31mb\n', {}, { name: 'text', text: 'a[31mb' }],
    ['a property of every object', 'constructor', {}, { name: 'text', text: 'constructor' }],
  ])('%s', (_, input, more, key) => {
    expect(keyOf(input, { ...NO_KEY, ...more })).toEqual(key);
  });
});

describe('letters that come together', () => {
  it.each([
    [false, ['span', 'span', 'quit']],
    [true, ['text']],
  ])('while text is typed: %s', (typing, names) => {
    expect(keysOf('ttq', NO_KEY, typing).map(({ name }) => name)).toEqual(names);
  });
});

describe('what is pasted', () => {
  it('is text where text is typed, and presses no key where not', () => {
    const pasted = pressed(textOf('q\nsup'));
    expect(reduce(press(morning(), 'filter'), pasted).filter).toBe('qsup');
    expect(reduce(morning(), pasted)).toEqual(morning());
    expect(reduce(morning(), pressed(textOf('q')))).toEqual(morning());
  });

  it('is kept to sixty letters, none of which is cut in two', () => {
    const long = reduce(press(morning(), 'filter'), pressed(textOf(`s${'😀'.repeat(80)}`)));
    expect(long.filter).toBe(`s${'😀'.repeat(59)}`);
  });
});

describe('the screen', () => {
  it('goes through dimensions, times and units without an end', () => {
    const state = morning();
    expect(press(state, 'right').by).toBe('team');
    expect(press(state, 'left').by).toBe('run');
    expect(press(state, 'span', 'span', 'span').span).toBe('hour');
    expect(press(state, 'unit').unit).toBe('tokens');
    expect(press(state, 'unit', 'unit', 'unit').unit).toBe('cost');
  });

  it('asks for what it shows', () => {
    expect(wantedOf(press(morning(), 'right', 'span'))).toEqual({ by: 'team', span: 'week' });
    expect(wantedOf(press(morning(), 'down', 'enter'))).toEqual({
      by: 'feature',
      span: 'today',
      inside: null,
    });
  });

  it('stays within the rows that there are', () => {
    expect(press(morning(), 'up').selected.top).toBe(0);
    expect(press(morning(), 'end', 'down').selected.top).toBe(6);
    expect(press(morning(), 'page-down', 'page-up').selected.top).toBe(0);
    expect(press(morning({ top: [] }), 'down', 'end').selected.top).toBe(0);
  });

  it('keeps the chosen row chosen when others overtake it, and the first line the first', () => {
    const { top } = snapshotOf({ by: 'feature', span: 'today' });
    const overtaken = {
      kind: 'answered',
      snapshot: snapshotOf({ by: 'feature', span: 'today' }, { top: [...top].reverse() }),
    } as const;
    const chosen = reduce(press(morning(), 'down', 'down'), overtaken);
    expect(shownTop(chosen)[chosen.selected.top]?.name).toBe('summarize');
    expect(reduce(morning(), overtaken).selected.top).toBe(0);
  });

  it('opens a row, and goes back by escape', () => {
    const open = press(morning(), 'enter');
    expect(open.opened).toEqual({ by: 'feature', name: 'support' });
    expect(press(open, 'escape').opened).toBeUndefined();
    // Another dimension has other rows.
    expect(press(open, 'right').opened).toBeUndefined();
    expect(press(morning(), 'tab', 'enter').opened).toBeUndefined();
  });

  it('filters while it is typed, and takes letters for text then', () => {
    const typing = type(press(morning(), 'filter'), 'su');
    expect([typing.filter, namesOf(typing)]).toEqual(['su', ['support', 'summarize']]);
    const erased = press(type(typing, 'q'), 'erase', 'erase', 'erase');
    expect([erased.filter, erased.quit]).toEqual(['', false]);
    const kept = press(typing, 'enter');
    expect([kept.typing, kept.filter]).toEqual([false, 'su']);
    expect(press(kept, 'escape').filter).toBe('');
    expect(press(typing, 'escape')).toMatchObject({ typing: false, filter: '' });
    expect(namesOf(type(press(morning(), 'filter'), 'UNTAGGED'))).toEqual([null]);
  });

  it('shows what it showed while it is paused, but other rows when asked for them', () => {
    const paused = press(morning(), 'pause');
    const later = snapshotOf({ by: 'feature', span: 'today' }, { at: 1 });
    expect(reduce(paused, { kind: 'answered', snapshot: later }).snapshot?.at).not.toBe(1);
    const other = snapshotOf({ by: 'team', span: 'today' }, { at: 2 });
    expect(reduce(press(paused, 'right'), { kind: 'answered', snapshot: other }).snapshot?.at).toBe(
      2,
    );
    expect(reduce(press(paused, 'pause'), { kind: 'answered', snapshot: later }).snapshot?.at).toBe(
      1,
    );
  });

  it('leaves out answers to what was asked before the last key', () => {
    const turned = press(morning(), 'right');
    const late = snapshotOf({ by: 'feature', span: 'today' }, { at: 3 });
    expect(reduce(turned, { kind: 'answered', snapshot: late })).toBe(turned);
  });

  it('ends by q and by an interrupt, which is told', () => {
    expect(press(morning(), 'quit')).toMatchObject({ quit: true, interrupted: false });
    expect(press(press(morning(), 'filter'), 'interrupt')).toMatchObject({
      quit: true,
      interrupted: true,
    });
    // Any key closes the help; q still quits.
    expect(press(morning(), 'help', 'down')).toMatchObject({ help: false, quit: false });
    expect(press(morning(), 'help', 'quit')).toMatchObject({ help: false, quit: true });
  });

  it('names what is missing, and what cannot be read', () => {
    const state = reduce(firstState('model', 'hour'), {
      kind: 'looked',
      missing: ['logs'],
      unread: ['diary.jsonl'],
    });
    expect([state.missing, state.unread]).toEqual([['logs'], ['diary.jsonl']]);
  });
});
