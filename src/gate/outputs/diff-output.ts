import type { RenderOptions } from '../../render/render.ts';
import type { DiffResult } from '../comparison-result.ts';

/** Turns what a comparison found into the text of one format, ending in a newline. Pure: the same result gives the same text. */
export type DiffOutput = (result: DiffResult, options: RenderOptions) => string;
