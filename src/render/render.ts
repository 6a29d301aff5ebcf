import type { Answer } from '../reports/answer.ts';

/** What the surface can show. Only `table` looks at more than `unicode`. */
export interface RenderOptions {
  /** Width of the screen in character cells. */
  readonly columns: number;
  readonly color: boolean;
  /** Draws bars beside shares where there is room. */
  readonly bars: boolean;
  /** False keeps our own marks to ASCII; text from logs is shown as it is. */
  readonly unicode: boolean;
}

/** Turns an answer into text that ends in a newline. Pure. */
export type Render = (answer: Answer, options: RenderOptions) => string;
