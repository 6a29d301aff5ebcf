import type { BillLine } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import { tokensIn, tokenTypeOf } from './bill-tokens.ts';

/**
 * What OpenAI's line item says: `gpt-5.6-sol, input` is a model and a kind of token, `web search tool
 * calls` is neither. Tokens only where the unit says so.
 */
export function openAiLineItem(
  lineItem: string | undefined,
  quantity: Decimal | undefined,
  unit: string | undefined,
): Pick<BillLine, 'description' | 'meter' | 'model' | 'tokenType' | 'tokens'> {
  const [, model, kind] = /^(.+), *([^,]+)$/.exec(lineItem ?? '') ?? [];
  const size = unit === 'tokens' ? 1n : unit === '1000_tokens' ? 1000n : undefined;
  return {
    description: lineItem,
    meter: kind,
    model,
    tokenType: kind === undefined ? undefined : tokenTypeOf(kind),
    tokens: quantity === undefined || size === undefined ? undefined : tokensIn(quantity, size),
  };
}
