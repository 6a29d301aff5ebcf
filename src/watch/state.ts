import { type Unit, UNITS } from './amount.ts';
import type { WatchKey } from './keys.ts';
import {
  DIMENSIONS,
  type Snapshot,
  SPANS,
  type TopRow,
  type Wanted,
  type WatchedDimension,
  type WatchedSpan,
} from './snapshot.ts';

/** The parts of the screen that a person can go to. */
export const PANELS = ['top', 'calls', 'alarms'] as const;
/** One of PANELS. */
export type Panel = (typeof PANELS)[number];

/** A row that is open. */
export interface Opened {
  readonly by: WatchedDimension;
  readonly name: string | null;
}

/** Everything that decides what the screen shows, besides its size. */
export interface WatchState {
  /** The last answers; absent before the first. While paused, those of when it was paused. */
  readonly snapshot?: Snapshot;
  readonly by: WatchedDimension;
  readonly span: WatchedSpan;
  readonly unit: Unit;
  readonly panel: Panel;
  /** The selected line of each panel, from 0. */
  readonly selected: Readonly<Record<Panel, number>>;
  readonly paused: boolean;
  readonly help: boolean;
  /** Only rows and calls whose text holds this. */
  readonly filter: string;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly opened?: Opened;
  /** Paths with nothing behind them now. */
  readonly missing: readonly string[];
  /** Files in no known format, and those that cannot be read, as they are told. */
  readonly unread: readonly string[];
  readonly quit: boolean;
  /** It ends because somebody interrupted it. */
  readonly interrupted: boolean;
}

/** What can happen to the screen. */
export type WatchAction =
  | { readonly kind: 'answered'; readonly snapshot: Snapshot }
  | {
      readonly kind: 'looked';
      readonly missing: readonly string[];
      readonly unread: readonly string[];
    }
  | { readonly kind: 'pressed'; readonly key: WatchKey };

/** The screen as it starts. */
export const firstState = (by: WatchedDimension, span: WatchedSpan): WatchState => ({
  by,
  span,
  unit: 'cost',
  panel: 'top',
  selected: { top: 0, calls: 0, alarms: 0 },
  paused: false,
  help: false,
  filter: '',
  typing: false,
  missing: [],
  unread: [],
  quit: false,
  interrupted: false,
});

/** The answers that a state needs. */
export const wantedOf = ({ by, span, opened }: WatchState): Wanted => ({
  by,
  span,
  ...(opened === undefined ? {} : { inside: opened.name }),
});

/** The rows of the list that the filter leaves. */
export const shownTop = ({ snapshot, filter }: WatchState): readonly TopRow[] =>
  (snapshot?.top ?? []).filter(({ name }) => holds(name ?? '(untagged)', filter));

/** Whether a text holds the filter, in any case. */
export const holds = (text: string, filter: string): boolean =>
  text.toLowerCase().includes(filter.toLowerCase());

/** The state after something has happened. Pure. */
export function reduce(state: WatchState, action: WatchAction): WatchState {
  switch (action.kind) {
    case 'answered':
      return answered(state, action.snapshot);
    case 'looked':
      return { ...state, missing: action.missing, unread: action.unread };
    case 'pressed':
      return pressed(state, action.key);
  }
}

function answered(state: WatchState, snapshot: Snapshot): WatchState {
  const wanted = wantedOf(state);
  const fits = snapshot.wanted.by === wanted.by && snapshot.wanted.span === wanted.span;
  // Answers to a question that was put before the last key are of no use any more.
  if (!fits || (state.paused && fitsOpened(state.snapshot, wanted))) return state;
  return followed({ ...state, snapshot }, shownTop(state)[state.selected.top]?.name);
}

/** A row that was chosen stays chosen when others overtake it; the first line stays the first. */
function followed(state: WatchState, name: string | null | undefined): WatchState {
  const rows = shownTop(state);
  const last = Math.max(0, rows.length - 1);
  const found = rows.findIndex((row) => row.name === name);
  const before = state.selected.top;
  const top = before === 0 || found < 0 ? Math.min(before, last) : found;
  return { ...state, selected: { ...state.selected, top } };
}

const fitsOpened = (snapshot: Snapshot | undefined, wanted: Wanted): boolean =>
  snapshot !== undefined &&
  snapshot.wanted.by === wanted.by &&
  snapshot.wanted.span === wanted.span &&
  snapshot.wanted.inside === wanted.inside;

function pressed(state: WatchState, key: WatchKey): WatchState {
  if (key.name === 'interrupt') return { ...state, quit: true, interrupted: true };
  if (state.typing) return typed(state, key);
  if (state.help) return { ...state, help: false, quit: key.name === 'quit' };
  switch (key.name) {
    case 'quit':
      return { ...state, quit: true };
    case 'help':
      return { ...state, help: true };
    case 'pause':
      return { ...state, paused: !state.paused };
    case 'unit':
      return { ...state, unit: next(UNITS, state.unit, 1) };
    case 'span':
      return { ...state, span: next(SPANS, state.span, 1) };
    case 'filter':
      return { ...state, typing: true };
    case 'tab':
      return { ...state, panel: next(PANELS, state.panel, 1) };
    case 'back-tab':
      return { ...state, panel: next(PANELS, state.panel, -1) };
    case 'left':
    case 'right':
      return turned(state, key.name === 'left' ? -1 : 1);
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'home':
    case 'end':
      return moved(state, STEPS[key.name]);
    case 'enter':
      return opened(state);
    case 'escape':
      return closed(state);
    case 'text':
    case 'erase':
      return state;
  }
}

const STEPS = {
  up: -1,
  down: 1,
  'page-up': -10,
  'page-down': 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
} as const;

function typed(state: WatchState, key: WatchKey): WatchState {
  const selected = { ...state.selected, top: 0, calls: 0 };
  if (key.name === 'enter') return { ...state, typing: false };
  if (key.name === 'escape') return { ...state, typing: false, filter: '', selected };
  if (key.name === 'erase')
    return { ...state, filter: Array.from(state.filter).slice(0, -1).join(''), selected };
  if (key.text === undefined) return state;
  const letters = Array.from(`${state.filter}${key.text}`).slice(0, LONGEST_FILTER);
  return { ...state, filter: letters.join(''), selected };
}

/** In letters, none of which is cut in two. */
const LONGEST_FILTER = 60;

/** Another dimension, from the first row on. What is open is of the old one, so it closes. */
function turned(state: WatchState, by: -1 | 1): WatchState {
  const { opened: _, ...rest } = state;
  return {
    ...rest,
    by: next(DIMENSIONS, state.by, by),
    selected: { ...state.selected, top: 0 },
  };
}

function moved(state: WatchState, by: number): WatchState {
  const last = Math.max(0, lengthOf(state) - 1);
  const at = Math.min(last, Math.max(0, state.selected[state.panel] + by));
  return { ...state, selected: { ...state.selected, [state.panel]: at } };
}

function lengthOf(state: WatchState): number {
  switch (state.panel) {
    case 'top':
      return shownTop(state).length;
    case 'calls':
      return state.snapshot?.calls.length ?? 0;
    case 'alarms':
      return state.snapshot?.alarms.length ?? 0;
  }
}

function opened(state: WatchState): WatchState {
  const row = shownTop(state)[state.selected.top];
  if (state.panel !== 'top' || state.opened !== undefined || row === undefined) return state;
  return { ...state, opened: { by: state.by, name: row.name } };
}

function closed(state: WatchState): WatchState {
  if (state.opened === undefined) return { ...state, filter: '' };
  const { opened: _, ...rest } = state;
  return rest;
}

/** The value so many places on in a list that has no end. */
function next<Value>(values: readonly Value[], value: Value, by: -1 | 1): Value {
  const at = values.indexOf(value) + by;
  return values[(at + values.length) % values.length] ?? value;
}
