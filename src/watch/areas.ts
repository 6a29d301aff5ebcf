import type { Panel } from './state.ts';

/** A part of the screen, in columns and rows. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/** Where the panels stand between header and footer: columns of panels, from left to right. */
export type Areas = readonly (readonly { readonly panel: Panel; readonly area: Area }[])[];

/** The smallest terminal that the screen is made for. */
export const SMALLEST: Area = { width: 40, height: 12 };

/** Lines of header and footer. */
export const AROUND = 3;

/** From here on panels stand beside each other. */
const WIDE = 110;

/**
 * The panels of a screen. A low screen shows the one that a person is at, and any screen a row that is open; a
 * narrow one shows all of them below each other, a wide one the list beside calls and alarms. Heights add up to the
 * screen's.
 */
export function areasOf({ width, height }: Area, panel: Panel, opened: boolean): Areas {
  const rows = height - AROUND;
  const whole = opened && panel === 'top';
  if (rows < 14 || whole) return [[{ panel, area: { width, height: rows } }]];
  const alarms = rows >= 30 ? 8 : 5;
  if (width >= WIDE) {
    const left = Math.floor(width * 0.52);
    return [
      [{ panel: 'top', area: { width: left, height: rows } }],
      [
        { panel: 'calls', area: { width: width - left, height: rows - alarms } },
        { panel: 'alarms', area: { width: width - left, height: alarms } },
      ],
    ];
  }
  const calls = Math.max(5, Math.floor((rows - alarms) * 0.4));
  return [
    [
      { panel: 'top', area: { width, height: rows - alarms - calls } },
      { panel: 'calls', area: { width, height: calls } },
      { panel: 'alarms', area: { width, height: alarms } },
    ],
  ];
}
