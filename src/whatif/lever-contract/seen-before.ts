import { percentText } from '../../domain/fraction-text.ts';
import type { Beginning, PrefixReuse } from '../../domain/prefix-reuse.ts';
import { counted, grouped } from '../../domain/words.ts';
import type { Assumption } from './lever.ts';

const BY: Readonly<Record<Beginning['kind'], string>> = {
  blocks: 'by prefix hashes',
  conversation: 'by growth of sessions',
};

/** How many tokens of prompts had been sent before, ever and within usual times to live, whatever they cost. */
export function seenLines(reuse: PrefixReuse): readonly Assumption[] {
  return (['blocks', 'conversation'] as const).flatMap((kind) => {
    const { requests, prompt, ever, hour, fiveMinutes } = reuse.seen(kind);
    if (requests === 0n) return [];
    const line = (name: string, tokens: bigint): Assumption => ({
      name: `sent before, ${name}`,
      value: percentText(tokens, prompt),
      source: kind === 'blocks' ? 'measured' : 'assumed',
      note: `${BY[kind]}: ${grouped(tokens)} of ${grouped(prompt)} prompt tokens of ${counted(requests, 'request')}`,
    });
    return [line('ever', ever), line('1h', hour), line('5m', fiveMinutes)];
  });
}
