import { costOf } from '../../domain/charge.ts';
import { percentText } from '../../domain/fraction-text.ts';
import type { UsageTotals } from '../../domain/meters.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import { counted, grouped } from '../../domain/words.ts';
import { UserError } from '../../errors.ts';
import { countOf } from '../lever-contract/asked-numbers.ts';
import type { Assumption, Lever, LeverWorld, Reason, Verdict } from '../lever-contract/lever.ts';
import { standingOf } from '../lever-contract/standing.ts';

/** Answers that are cut off at a limit. */
const maxTokens: Lever = {
  name: 'max-tokens',
  summary: 'answers that end at a limit, and which would be cut off',
  needs: 'any ledger',
  words: '<tokens>',
  flags: [],
  examples: [
    'aicost whatif max-tokens 1000',
    'aicost whatif max-tokens 500 --where feature=search --by model',
  ],
  async plan({ words: [text] }, world) {
    const limit = countOf(text ?? '', 'max-tokens');
    if (limit === 0) throw new UserError('max-tokens: expected a limit of 1 or more');
    const met = { all: 0n, long: 0n };
    return {
      title: `no answer had more than ${counted(limit, 'token')}`,
      cuts: [{ kind: 'size', of: ['output'], above: [limit] }],
      judge(requests) {
        const verdict = cutOff(requests, limit);
        if (verdict.kind !== 'excluded') met.all += requests.requests;
        if (verdict.kind === 'changed') met.long += requests.requests;
        return verdict;
      },
      assumptions: () => [LIMITED, ...atRisk(met, limit, world)],
      caveat:
        'quality not measured: an answer that is cut off may be worthless, or asked for again; the saving is an upper bound',
    };
  },
};

export default maxTokens;

const LIMITED: Assumption = {
  name: 'what is cut',
  value: 'all tokens past the limit',
  source: 'assumed',
  note: 'reasoning counts towards the limit; prompts stay as they are',
};
const ADDED_UP: Reason = {
  code: 'aggregated-counts',
  message: 'their counts are sums over several requests, so that no single answer is known',
};
const CUT_OFF: Reason = {
  code: 'answer-cut-off',
  message: 'their answers were longer and would be cut off',
};
const MEDIA: Reason = { code: 'media', message: 'their answers hold audio, pictures or video' };
const UNPRICED: Reason = {
  code: 'no-price-there',
  message: 'what they would use then has no price',
};

function cutOff(requests: RequestClass, limit: number): Verdict {
  const { sku, usage, requests: count } = requests;
  const standing = standingOf(requests);
  if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
  if (sku.countSource === 'aggregated') return { kind: 'excluded', reason: ADDED_UP };
  if (requests.sample.size(['output']) <= limit) return { kind: 'untouched' };
  for (const part of usage.parts.keys())
    if (part.endsWith('_output')) return { kind: 'excluded', reason: MEDIA };
  const part = costOf(limited(usage, BigInt(limit) * count), standing.rate.prices, count);
  if (part === undefined) return { kind: 'excluded', reason: UNPRICED };
  const cost = { part, over: 1n };
  const after = { low: cost, mid: cost, high: cost };
  return { kind: 'changed', after, doubts: [], risks: [CUT_OFF] };
}

/** Answers of so many tokens in all. Reasoning that has a price of its own keeps its part of the answer. */
const limited = (usage: UsageTotals, output: bigint): UsageTotals => ({
  ...usage,
  output,
  reasoning: usage.output === 0n ? 0n : (usage.reasoning * output) / usage.output,
});

/** The most that are named. */
const NAMED = 5;

function atRisk(
  { all, long }: { readonly all: bigint; readonly long: bigint },
  limit: number,
  { ledger, span, where }: LeverWorld,
): readonly Assumption[] {
  if (long === 0n) return [];
  const dearest = ledger.longAnswers({ span, where, above: limit, limit: NAMED });
  return [
    {
      name: 'answers cut off',
      value: percentText(long, all),
      source: 'measured',
      note: `${grouped(long)} of ${counted(all, 'request')}`,
    },
    {
      name: 'dearest cut off',
      value: dearest.map(({ id }) => id).join(' '),
      source: 'measured',
      note: `answers of ${dearest.map(({ output }) => grouped(output)).join('; ')} tokens; aicost explain ID shows one`,
    },
  ];
}
