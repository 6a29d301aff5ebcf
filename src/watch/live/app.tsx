import { render, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { keysOf, textOf } from '../keys.ts';
import { Screen } from '../screen.tsx';
import type { Store } from './store.ts';

/** The terminal that the screen is shown on. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** What the live screen shows. */
export interface AppProps {
  readonly store: Store;
  readonly color: boolean;
  readonly ledger: string;
}

const App = ({ store, color, ledger }: AppProps): ReactNode => {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  useInput((input, key) => {
    for (const pressed of keysOf(input, key, store.state().typing))
      store.dispatch({ kind: 'pressed', key: pressed });
  });
  // What is pasted by accident presses no key, least of all q.
  usePaste((text) => store.dispatch({ kind: 'pressed', key: textOf(text) }));
  useEffect(() => {
    if (state.quit) exit();
  }, [state.quit, exit]);
  // A frame as high as the terminal would be drawn whole every time.
  const size = { width: columns, height: rows - 1 };
  // Nothing is left on the page that goes away: tmux brings lines of a window that has grown back to the other page.
  return state.quit ? null : <Screen state={state} size={size} color={color} ledger={ledger} />;
};

/** A screen that is shown; the terminal is as before once it is `closed`. */
export interface Shown {
  readonly closed: Promise<unknown>;
  readonly close: () => void;
}

/**
 * Shows the screen on the terminal's other page, redrawing only what changed, ten times a second at most. The page
 * goes away whatever ends the process.
 */
export function show(props: AppProps, terminal: Terminal): Shown {
  const { waitUntilExit, unmount } = render(<App {...props} />, {
    ...terminal,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    maxFps: 10,
  });
  return { closed: waitUntilExit(), close: unmount };
}
