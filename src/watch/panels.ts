import { cleanText } from '../render/clean-text.ts';
import { alarmLines } from './alarm-list.ts';
import { total } from './amount.ts';
import type { Area } from './areas.ts';
import { callLines } from './call-list.ts';
import { type Line, piece } from './lines.ts';
import type { LatestCall, TopRow, WatchedDimension } from './snapshot.ts';
import { holds, type Opened, type Panel, shownTop, type WatchState } from './state.ts';
import { DIMENSION_WORDS, SPAN_WORDS, UNIT_WORDS } from './texts.ts';
import { topLines } from './top-list.ts';

/** What a panel says: its title and its lines. */
export interface PanelText {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A panel of a state, for the room inside its frame. */
export function panelOf(panel: Panel, state: WatchState, area: Area): PanelText {
  switch (panel) {
    case 'top':
      return state.opened === undefined
        ? topPanel(state, area)
        : insidePanel(state, state.opened, area);
    case 'calls':
      return callsPanel(state, area);
    case 'alarms':
      return alarmsPanel(state, area);
  }
}

/** A list of so few lines has no room for heads. */
const FEW_LINES = 4;

const headOf = (by: WatchedDimension): string =>
  `${DIMENSION_WORDS[by].slice(0, 1).toUpperCase()}${DIMENSION_WORDS[by].slice(1)}`;

function topPanel(state: WatchState, { width, height }: Area): PanelText {
  const { snapshot, by, span, unit, filter, selected } = state;
  const rows = shownTop(state);
  const place = rows.length > height ? ` ${selected.top + 1}/${rows.length}` : '';
  const narrowed = filter === '' ? '' : ` /${cleanText(filter)}`;
  return {
    title: `${UNIT_WORDS[unit]} by ${DIMENSION_WORDS[by]}, ${SPAN_WORDS[span]}${narrowed}${place}`,
    lines:
      snapshot === undefined
        ? []
        : topLines(rows, {
            unit,
            whole: snapshot.topTotal,
            width,
            height,
            selected: selected.top,
            ...(height > FEW_LINES ? { heads: headOf(by) } : {}),
            empty: filter === '' ? 'no calls in this time' : 'nothing holds this text',
          }),
  };
}

/** What is in one row: models, runs and dearest calls, as much of each as there is room for. */
function insidePanel(state: WatchState, { by, name }: Opened, { width, height }: Area): PanelText {
  const title = `${DIMENSION_WORDS[by]} ${name === null ? '(untagged)' : cleanText(name)}, ${SPAN_WORDS[state.span]} (esc: back)`;
  const inside = state.snapshot?.inside;
  if (inside === undefined || inside.name !== name || inside.by !== by)
    return { title, lines: [[piece('asking …', 'faint')]] };
  const room = Math.max(1, Math.floor((height - 3) / 3));
  const list = (rows: readonly TopRow[], empty: string): readonly Line[] =>
    topLines(rows, {
      unit: state.unit,
      whole: total(rows.map(({ amount }) => amount)),
      width,
      height: room,
      empty,
    });
  return {
    title,
    lines: [
      [piece('Models', 'strong')],
      ...list(inside.models, 'none'),
      [piece('Runs', 'strong')],
      ...list(inside.runs, 'none'),
      [piece('Dearest calls', 'strong')],
      ...calls(inside.dearest, state, { width, height: room }, 0),
    ],
  };
}

function callsPanel(state: WatchState, area: Area): PanelText {
  const all = (state.snapshot?.calls ?? []).filter(({ model, id }) =>
    holds(`${model} ${id}`, state.filter),
  );
  const from = Math.min(state.selected.calls, Math.max(0, all.length - area.height));
  return { title: 'Latest calls', lines: calls(all, state, area, from) };
}

const calls = (
  list: readonly LatestCall[],
  { snapshot }: WatchState,
  { width, height }: Area,
  from: number,
): readonly Line[] =>
  callLines(list, {
    now: snapshot?.at ?? 0,
    timeZone: snapshot?.timeZone ?? 'UTC',
    width,
    height,
    from,
    empty: 'no calls yet',
  });

function alarmsPanel({ snapshot, selected }: WatchState, { width }: Area): PanelText {
  const alarms = snapshot?.alarms ?? [];
  const count = alarms.length === 0 ? '' : ` ${alarms.length}`;
  return {
    title: `Alarms${count}`,
    lines: alarmLines(alarms, {
      width,
      from: Math.min(selected.alarms, Math.max(0, alarms.length - 1)),
    }),
  };
}
