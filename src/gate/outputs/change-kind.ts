import { parseDecimal } from '../../domain/money.ts';
import type { Comparison } from '../comparison-result.ts';
import { isWorthShowing } from './sentences.ts';

/** True when no prompt changed and nothing was found that matters. */
export const isNothing = (result: Comparison): boolean =>
  result.verdict === 'pass' &&
  result.findings.every(({ level }) => level === 'notice') &&
  !result.prompts.some(isWorthShowing);

/** True when the whole costs more than before. */
export const isMore = ({ total }: Comparison): boolean =>
  total.delta_usd !== null && (parseDecimal(total.delta_usd)?.digits ?? 0n) > 0n;
