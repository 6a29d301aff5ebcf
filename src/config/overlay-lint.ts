import { UserError } from '../errors.ts';
import { readOverlays } from './overlays.ts';
import type { Problem } from './yaml-tree.ts';

/** The first thing wrong with a contract or an infrastructure file; nothing when it is sound. */
export function lintOverlayFile(file: string): readonly Problem[] {
  try {
    readOverlays([file]);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ severity: 'error', origin: error.origin ?? { file }, message: error.message }];
  }
}
