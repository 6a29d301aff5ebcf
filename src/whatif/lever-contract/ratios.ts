import type { CountingRules } from '../../domain/counting-rules.ts';
import { parseDecimal } from '../../domain/money.ts';
import { utcText } from '../../domain/utc-time.ts';
import { UserError } from '../../errors.ts';
import type { LeverAsked, LeverFlag, LeverWorld } from './lever.ts';
import type { RatioOf } from './move.ts';
import type { TargetModel } from './target-model.ts';
import {
  type CountedModel,
  declaredRatio,
  sameTokens,
  type TokenRatio,
  tokenRatio,
} from './token-ratio.ts';

/** The flag of levers that move requests between models. */
export const TOKEN_RATIO_FLAG: LeverFlag = {
  flag: '--token-ratio <n>',
  description: 'tokens there for one token here (default: by what was measured)',
};

/** The ratio of --token-ratio; `undefined` when it is not given. Throws UserError. */
export function ratioAsked(asked: LeverAsked): TokenRatio | undefined {
  const text = asked.value('token-ratio');
  if (text === undefined) return undefined;
  const ratio = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
  if (ratio === undefined || ratio.digits === 0n)
    throw new UserError(`--token-ratio: expected a number above 0, found "${text}"`, {
      hint: 'For example --token-ratio 1.2, when a token here is 1.2 tokens there.',
    });
  return declaredRatio(ratio);
}

/** Ratios of tokens to a target, each looked up once; those of one model at two hosts, or where cards name one tokenizer, are 1. */
export function ratiosTo(
  target: TargetModel,
  rules: CountingRules,
  { now, cards }: Pick<LeverWorld, 'now' | 'cards'>,
  declared: TokenRatio | undefined,
): RatioOf {
  const day = utcText(now).slice(0, 10);
  const entry = target.meanings.at(-1)?.model;
  const last = entry?.id ?? target.name;
  const tokenizerOf = ({ provider, model }: CountedModel): string | undefined =>
    cards.get(provider)?.models.find(({ id }) => id === model)?.tokenizer;
  const known = new Map<string, TokenRatio | undefined>();
  return (from) => {
    if (declared !== undefined) return declared;
    const name = `${from.provider}/${from.model}`;
    if (known.has(name)) return known.get(name);
    const tokenizer = tokenizerOf(from);
    const ratio =
      tokenizer !== undefined && tokenizer === entry?.tokenizer
        ? sameTokens(`both have the tokenizer ${tokenizer}`)
        : tokenRatio(rules, from, { provider: target.provider, model: last }, day);
    known.set(name, ratio);
    return ratio;
  };
}
