import { DEFAULT_BLOCK_TOKENS } from '../../domain/call-facts.ts';
import type { OrderedCall, OrderQuery } from '../../domain/ordered-call.ts';
import type { Beginning } from '../../domain/prefix-reuse.ts';

/** What has to be asked of calls to know their beginning. */
export const BEGINNING_FACTS = [
  'prefix_hashes',
  'prefix_block_tokens',
  'conversation',
] as const satisfies OrderQuery['facts'];

/** What is known of the beginning of a call's prompt: the hashes that it was logged with, else the conversation it is part of. */
export function beginningOf({ facts, time }: OrderedCall): Beginning | undefined {
  const [hashes, size, conversation] = facts;
  const blocks = hashes?.match(/[^\s,[\]"']+/g) ?? [];
  if (blocks.length > 0) {
    const told = /^\d{1,9}$/.test(size ?? '') ? Number(size) : 0;
    return { kind: 'blocks', blocks, blockTokens: told > 0 ? told : DEFAULT_BLOCK_TOKENS };
  }
  return conversation === undefined || time === undefined
    ? undefined
    : { kind: 'conversation', name: conversation, time };
}
