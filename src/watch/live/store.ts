import { reduce, type WatchAction, type WatchState } from '../state.ts';

/** Holds the state of the screen and tells who wants to know of changes. */
export interface Store {
  readonly state: () => WatchState;
  readonly dispatch: (action: WatchAction) => void;
  /** Returns how to stop being told. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store that starts with a state. */
export function createStore(first: WatchState): Store {
  let state = first;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(action) {
      const after = reduce(state, action);
      if (after === state) return;
      state = after;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
