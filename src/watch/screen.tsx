import { Box } from 'ink';
import type { ReactNode } from 'react';
import { type Area, areasOf, AROUND, SMALLEST } from './areas.ts';
import { headerLines } from './header.ts';
import { helpLines, hintLine } from './help-text.ts';
import { fitted, foreign, type Line, piece } from './lines.ts';
import { framed, Lines } from './panel.tsx';
import { panelOf } from './panels.ts';
import type { WatchState } from './state.ts';

/** All that a frame is made of. */
export interface ScreenProps {
  readonly state: WatchState;
  readonly size: Area;
  readonly color: boolean;
  /** The ledger's file as people read it. */
  readonly ledger: string;
}

/** The whole screen: exactly `size`, whatever is in the logs. Pure in its props. */
export const Screen = ({ state, size, color, ledger }: ScreenProps): ReactNode => {
  const { width, height } = size;
  if (width < SMALLEST.width || height < SMALLEST.height)
    return <Lines color={color} lines={tooSmall(size)} />;
  const body = { width, height: height - AROUND };
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Lines color={color} lines={headerLines(state, ledger, width)} />
      {state.help ? (
        <Lines
          color={color}
          lines={framed('Help', helpLines({ width: width - 2, height: body.height - 2 }), {
            ...body,
            active: true,
          })}
        />
      ) : (
        <Panels state={state} size={size} color={color} />
      )}
      <Lines color={color} lines={[footerLine(state, width)]} />
    </Box>
  );
};

const Panels = ({
  state,
  size,
  color,
}: Pick<ScreenProps, 'state' | 'size' | 'color'>): ReactNode => (
  <Box>
    {areasOf(size, state.panel, state.opened !== undefined).map((column, index) => (
      <Box key={index} flexDirection="column">
        {column.map(({ panel, area }) => {
          const inner = { width: area.width - 2, height: area.height - 2 };
          const { title, lines } = panelOf(panel, state, inner);
          return (
            <Lines
              key={panel}
              color={color}
              lines={framed(title, lines, { ...area, active: state.panel === panel })}
            />
          );
        })}
      </Box>
    ))}
  </Box>
);

function footerLine(state: WatchState, width: number): Line {
  if (state.typing)
    return fitted(
      [
        piece('/', 'strong'),
        foreign(state.filter),
        piece('▏'),
        piece('  enter keeps, esc clears', 'faint'),
      ],
      width,
    );
  if (state.missing.length > 0)
    return fitted(
      [piece('! ', 'warning'), foreign(`waiting for ${state.missing.join(', ')}`)],
      width,
    );
  if (state.unread.length > 0)
    return fitted([piece('! ', 'warning'), foreign(`not read: ${state.unread.join(', ')}`)], width);
  return fitted(hintLine(width), width);
}

const tooSmall = ({ width, height }: Area): readonly Line[] => [
  fitted([piece(`aicost watch needs ${SMALLEST.width}x${SMALLEST.height}`)], Math.max(1, width)),
  ...(height > 1 ? [fitted([piece(`this is ${width}x${height}`)], Math.max(1, width))] : []),
];
