import { jsonText } from '../../render/json-text.ts';
import type { DiffOutput } from './diff-output.ts';

/** The result itself (schema `aicost.diff/1`), for `render`, `comment` and programs. */
export const jsonOutput: DiffOutput = (result) => `${jsonText(result, 2)}\n`;
