import { moneyDecimals, moneyDisplay } from '../render/money-display.ts';
import { inUnit } from './amount.ts';
import { ends, fitted, foreign, type Line, lineWidth, piece, type Piece } from './lines.ts';
import type { Snapshot } from './snapshot.ts';
import { monthEndAt } from './spans.ts';
import type { WatchState } from './state.ts';
import { amountText, clockText, curveText } from './texts.ts';

/** Two lines: where and when, and what was spent. What does not fit is left out whole, never cut. */
export function headerLines(state: WatchState, ledger: string, width: number): readonly Line[] {
  const { snapshot } = state;
  const mode: Piece = state.paused ? piece('‖ paused', 'warning') : piece('● live', 'good');
  if (snapshot === undefined)
    return [
      ends([piece('aicost watch', 'strong')], [mode], width),
      fitted([piece('reading …')], width),
    ];
  const clock = `${clockText(snapshot.at, snapshot.timeZone)} ${snapshot.timeZone}`;
  const name: Line = [piece('aicost watch', 'strong'), piece('  '), piece(clock)];
  const wide: Line = [...name, piece('  '), foreign(ledger, 'faint')];
  const room = width - lineWidth([mode]) - 1;
  const shown = [wide, name, [piece(clock)]].find((line) => lineWidth(line) <= room);
  return [ends(shown ?? [piece('aicost')], [mode], width), figuresLine(snapshot, state, width)];
}

/** As many figures as fit, the most telling ones first. */
function figuresLine(snapshot: Snapshot, { unit }: WatchState, width: number): Line {
  const figures: Line[] = [
    [piece('Today '), piece(amountText(snapshot.today, unit), 'strong')],
    [
      piece('Month '),
      piece(amountText(snapshot.month, unit), 'strong'),
      ...projection(snapshot, unit),
    ],
    ...(snapshot.pace === undefined
      ? []
      : [[piece('Pace '), piece(`${amountText(snapshot.pace, unit)}/h`, 'strong')]]),
    [
      piece(curveText(snapshot.hours.map(({ amount }) => inUnit(amount, unit)))),
      piece(' 24 h', 'faint'),
    ],
  ];
  const short: Line[] = figures.map((figure) => figure.slice(0, 2));
  for (const list of [figures, short])
    for (let count = list.length; count > 0; count -= 1) {
      const line = list
        .slice(0, count)
        .flatMap((figure, index) => (index === 0 ? figure : [piece('   '), ...figure]));
      if (lineWidth(line) <= width && (count > 1 || list === short)) return fitted(line, width);
    }
  return fitted([piece(amountText(snapshot.today, unit), 'strong')], width);
}

function projection({ monthEnd, at, timeZone }: Snapshot, unit: WatchState['unit']): Line {
  if (monthEnd === undefined || unit !== 'cost') return [];
  const last = clockText(monthEndAt(at, timeZone) - 1, timeZone).slice(5, 10);
  return [piece(` → ~${moneyDisplay(monthEnd, moneyDecimals([monthEnd]))} by ${last}`, 'faint')];
}
