import { cleanText } from '../render/clean-text.ts';
import { compactCount } from '../render/count-display.ts';
import { durationDisplay } from '../render/duration-display.ts';
import { moneyDecimals, moneyDisplay } from '../render/money-display.ts';
import { listLines } from './columns.ts';
import { type Line, piece, type Tone } from './lines.ts';
import type { LatestCall } from './snapshot.ts';
import { timeText } from './texts.ts';

/** How calls are shown. */
export interface CallView {
  readonly now: number;
  readonly timeZone: string;
  readonly width: number;
  readonly height: number;
  /** The first call to show, from 0. */
  readonly from: number;
  readonly empty: string;
}

/** What a status looks like: a word, since a colour alone says nothing to many. */
const toneOf = (status: LatestCall['status']): Tone =>
  status === 'success' ? 'plain' : status === 'cancelled' ? 'faint' : 'warning';

/** A line a call: time, model, tokens, cost, latency, status. */
export function callLines(calls: readonly LatestCall[], view: CallView): readonly Line[] {
  const { now, timeZone, width, height, from, empty } = view;
  if (calls.length === 0) return [[piece(empty, 'faint')]];
  const shown = calls.slice(from, from + height);
  const decimals = moneyDecimals(shown.flatMap(({ cost }) => (cost === undefined ? [] : [cost])));
  return listLines(
    [
      {
        cells: shown.map(({ time }) => piece(timeText(time, now, timeZone), 'faint')),
        align: 'left',
        yields: 3,
      },
      {
        cells: shown.map(({ model }) => piece(cleanText(model))),
        align: 'left',
        yields: 0,
        least: 12,
      },
      {
        cells: shown.map(({ tokens }) => piece(`${compactCount(tokens)} tok`)),
        align: 'right',
        yields: 4,
      },
      {
        cells: shown.map(({ cost }) =>
          piece(cost === undefined ? '—' : moneyDisplay(cost, decimals)),
        ),
        align: 'right',
        yields: 0,
      },
      {
        cells: shown.map(({ latencyMs }) =>
          piece(latencyMs === undefined ? '' : (durationDisplay(latencyMs) ?? '')),
        ),
        align: 'right',
        yields: 5,
      },
      { cells: shown.map(({ status }) => piece(status, toneOf(status))), align: 'left', yields: 1 },
    ],
    width,
  );
}
