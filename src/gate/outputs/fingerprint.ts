import { createHash } from 'node:crypto';
import type { GateFinding } from '../comparison-result.ts';

/**
 * What stays the same for a finding from push to push: its prompt, else its path, and its rule. Never the amount or
 * the line, so that a tracker sees one finding that changed instead of a new one.
 */
export const fingerprint = ({ prompt, path, rule }: GateFinding): string =>
  createHash('sha256')
    .update(JSON.stringify([prompt, prompt === null ? path : null, rule]))
    .digest('hex');
