import { wholeSum } from '../../domain/call-sums.ts';
import { percentText } from '../../domain/fraction-text.ts';
import type { OrderedCall } from '../../domain/ordered-call.ts';
import { promptOf } from '../../domain/shortened-call.ts';
import { counted, grouped } from '../../domain/words.ts';
import { UserError } from '../../errors.ts';
import { countAsked } from '../lever-contract/asked-numbers.ts';
import { callByCall, type CallVerdict } from '../lever-contract/call-by-call.ts';
import {
  type Assumption,
  type Lever,
  QUALITY_NOT_MEASURED,
  type Reason,
} from '../lever-contract/lever.ts';
import { openShorterPrompts } from '../lever-contract/shorter-prompts.ts';
import { obstacleOfPrompt } from '../lever-contract/single-call.ts';

/** Prompts with fewer retrieved chunks. */
const retrieval: Lever = {
  name: 'retrieval',
  summary: 'prompts with fewer retrieved chunks',
  needs: 'retrieval_count, retrieval_tokens; or --from, --chunk-tokens',
  flags: [
    { flag: '--from <n>', description: 'chunks in a prompt, where the logs do not say' },
    { flag: '--to <n>', description: 'chunks in a prompt then' },
    { flag: '--chunk-tokens <n>', description: 'tokens of a chunk, where the logs do not say' },
  ],
  examples: [
    'aicost whatif retrieval --to 3 --where feature=search',
    'aicost whatif retrieval --from 10 --to 3 --chunk-tokens 400',
  ],
  async plan(asked, world) {
    const [from, to] = [countAsked(asked, 'from'), countAsked(asked, 'to')];
    const chunk = countAsked(asked, 'chunk-tokens');
    if (to === undefined)
      throw new UserError('--to: say how many chunks would be left', {
        hint: 'For example aicost whatif retrieval --from 10 --to 3.',
      });
    if (from !== undefined && from <= to)
      throw new UserError(`--from ${from} --to ${to}: expected fewer chunks than before`);
    let context = openContext();
    return {
      title: `prompts had ${to} retrieved ${to === 1 ? 'chunk' : 'chunks'}${from === undefined ? '' : ` instead of ${from}`}`,
      ...callByCall(world, ['retrieval_count', 'retrieval_tokens'], () => {
        context = openContext();
        const priced = openShorterPrompts(world, 'end');
        return (call): CallVerdict => {
          const obstacle = obstacleOfPrompt(call);
          if (obstacle !== undefined) return { kind: 'excluded', reason: obstacle };
          const known = contextOf(call, from, chunk);
          if ('code' in known) return { kind: 'excluded', reason: known };
          const { count, tokens } = known;
          context.tokens.add(tokens);
          context.prompts.add(promptOf(call));
          context[known.source] += 1n;
          return count <= to
            ? { kind: 'excluded', reason: FEW_ALREADY }
            : priced(call, partOf(tokens, count - to, count));
        };
      }),
      assumptions: () => [
        shareLine(context.tokens.total(), context.prompts.total(), context),
        AT_THE_END,
      ],
      caveat: QUALITY_NOT_MEASURED,
    };
  },
};

export default retrieval;

const FEW_ALREADY: Reason = {
  code: 'few-already',
  message: 'they have no more chunks than would be left',
};
const COUNT_UNKNOWN: Reason = {
  code: 'retrieval-unknown',
  message: 'their log has no retrieval_count; --from says it for them',
};
const TOKENS_UNKNOWN: Reason = {
  code: 'chunk-tokens-unknown',
  message: 'their log has no retrieval_tokens; --chunk-tokens says what one has',
};
const AT_THE_END: Assumption = {
  name: 'where the chunks stand',
  value: 'behind what is cached',
  source: 'assumed',
  note: 'retrieved text differs from call to call, so fresh input goes first',
};

/** Retrieved tokens that were met, in what prompts, and how many requests they come from by where that is known from. */
const openContext = () => ({
  tokens: wholeSum(),
  prompts: wholeSum(),
  measured: 0n,
  declared: 0n,
});

/** `of` chunks of so many, in whole tokens, rounded down. */
const partOf = (tokens: number, of: number, chunks: number): number =>
  Number((BigInt(tokens) * BigInt(of)) / BigInt(chunks));

interface Context {
  readonly count: number;
  readonly tokens: number;
  readonly source: 'measured' | 'declared';
}

/** The retrieved part of a prompt: as the log says it, else as it was declared. */
function contextOf(
  { facts: [count, tokens] }: OrderedCall,
  from: number | undefined,
  chunk: number | undefined,
): Context | Reason {
  const [logged, loggedTokens] = [countIn(count), countIn(tokens)];
  const chunks = logged ?? from;
  if (chunks === undefined) return COUNT_UNKNOWN;
  if (chunks === 0) return FEW_ALREADY;
  if (loggedTokens !== undefined)
    return { count: chunks, tokens: loggedTokens, source: 'measured' };
  return chunk === undefined
    ? TOKENS_UNKNOWN
    : { count: chunks, tokens: chunks * chunk, source: 'declared' };
}

const countIn = (text: string | undefined): number | undefined =>
  /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;

const shareLine = (
  tokens: bigint,
  prompts: bigint,
  { measured, declared }: { readonly measured: bigint; readonly declared: bigint },
): Assumption => ({
  name: 'retrieved context',
  value: percentText(tokens, prompts),
  source: declared === 0n ? 'measured' : 'declared',
  note: `${grouped(tokens)} of ${grouped(prompts)} prompt tokens; logged by ${counted(measured, 'request')}, declared for ${grouped(declared)}`,
});
