import { type AnswerMemory, openAnswerMemory } from '../../domain/duplicate-calls.ts';
import { times } from '../../domain/fraction.ts';
import type { OrderedCall } from '../../domain/ordered-call.ts';
import { costAt } from '../../domain/position.ts';
import { UserError } from '../../errors.ts';
import { timeToLive, ttlAsked } from '../lever-contract/cache-of-model.ts';
import { callByCall, type CallVerdict } from '../lever-contract/call-by-call.ts';
import type {
  Assumption,
  Lever,
  LeverAsked,
  LeverPlan,
  LeverWorld,
} from '../lever-contract/lever.ts';
import { type Percent, percentAsked } from '../lever-contract/asked-numbers.ts';
import { obstacleOf } from '../lever-contract/single-call.ts';
import { standingOf } from '../lever-contract/standing.ts';

/** Answers kept and given again: to the very same prompt, or, as an assumption, to one that means the same. */
const exactCache: Lever = {
  name: 'exact-cache',
  summary: 'answers given again to the same prompt at temperature 0',
  needs: 'prompt_hash and temperature in the logs; or --semantic',
  flags: [
    { flag: '--ttl <time>', description: 'how long an answer is kept: 10m, 1h, 7d (default: 1h)' },
    { flag: '--semantic', description: 'answers also fit prompts that only mean the same' },
    { flag: '--hit-rate <percent>', description: 'requests that find such an answer (assumed)' },
    { flag: '--false-hit <percent>', description: 'of these, those it does not fit (assumed)' },
  ],
  examples: [
    'aicost whatif exact-cache --ttl 1h',
    'aicost whatif exact-cache --semantic --hit-rate 30% --false-hit 3%',
  ],
  ranking: { touches: 'nothing', facts: ['prompt_hash'], tries: () => [{}] },
  plan: async (asked, world) =>
    asked.given('semantic') ? semanticPlan(asked) : exactPlan(asked, world),
};

export default exactCache;

const reason = (code: string, message: string): CallVerdict => ({
  kind: 'excluded',
  reason: { code, message },
});
const NO_HASH = reason('prompt-unknown', 'their log has no prompt_hash');
const NO_TEMPERATURE = reason(
  'temperature-unknown',
  'their log has no temperature: at 0 they might have been answered from a cache',
);
const NOT_ZERO = reason(
  'temperature-above-0',
  'their temperature is not 0: asked again, they are meant to be answered differently',
);
const NO_TIME = reason('no-time', 'they have no time, so that nobody knows what came before');
const FIRST = reason('asked-first', 'nobody had asked the same within the time to live');

function exactPlan(asked: LeverAsked, world: LeverWorld): LeverPlan {
  if (asked.value('hit-rate') !== undefined || asked.value('false-hit') !== undefined)
    throw new UserError('--hit-rate and --false-hit belong to --semantic', {
      hint: 'Without --semantic the hits are counted in the ledger, not assumed.',
    });
  const given = ttlAsked(asked.value('ttl'));
  const ttl = given ?? timeToLive('1h');
  const milliseconds = ttl?.milliseconds ?? 0;
  return {
    title: `answers to the same prompt at temperature 0 were kept for ${ttl?.name}`,
    ...callByCall(world, ['prompt_hash', 'temperature'], () => {
      const memory = openAnswerMemory(milliseconds);
      return (call) => answered(call, memory);
    }),
    assumptions: () => [
      {
        name: 'time to live',
        value: ttl?.name ?? '',
        source: given === undefined ? 'assumed' : 'declared',
        note: 'from when an answer was made; being given again does not prolong it',
      },
    ],
    caveat: 'an answer that was kept is as old as its time to live; keeping it has no price here',
  };
}

function answered(call: OrderedCall, memory: AnswerMemory): CallVerdict {
  const obstacle = obstacleOf(call);
  if (obstacle !== undefined) return { kind: 'excluded', reason: obstacle };
  const [hash, temperature] = call.facts;
  if (hash === undefined) return NO_HASH;
  if (temperature === undefined || temperature.trim() === '' || Number.isNaN(Number(temperature)))
    return NO_TEMPERATURE;
  if (Number(temperature) !== 0) return NOT_ZERO;
  if (call.time === undefined) return NO_TIME;
  const { provider, model } = call.kind.sku;
  const question = JSON.stringify([provider, model, hash]);
  return memory.answers({ question, time: call.time }) ? { kind: 'saved' } : FIRST;
}

function semanticPlan(asked: LeverAsked): LeverPlan {
  const [hit, wrong] = [percentAsked(asked, 'hit-rate'), percentAsked(asked, 'false-hit')];
  if (hit === undefined || wrong === undefined)
    throw new UserError(
      `--semantic: ${hit === undefined ? '--hit-rate' : '--false-hit'} is missing`,
      {
        hint: 'Nobody can measure either in a log. State both: --semantic --hit-rate 30% --false-hit 3%.',
      },
    );
  return {
    title: `${hit.text} of requests were answered from what others had been answered`,
    cuts: [],
    judge(requests) {
      const standing = standingOf(requests);
      if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
      const cost = costAt(standing.rate.prices, requests.usage, requests.requests);
      const after = (asksPerFalseHit: bigint) => {
        const { part, over } = paidShare(hit, wrong, asksPerFalseHit);
        return times({ part: cost, over: 1n }, part, over);
      };
      return {
        kind: 'changed',
        after: { low: after(2n), mid: after(1n), high: after(0n) },
        doubts: [],
        saved: (requests.requests * hit.part) / hit.over,
      };
    },
    assumptions: () => [
      assumed('hit rate', hit, 'requests that would find an answer to a like prompt'),
      assumed('false hits', wrong, 'of these, answers that do not fit'),
      {
        name: 'what a false hit costs',
        value: 'the call it saved, once more',
        source: 'assumed',
        note: 'low: twice; high: nobody notices',
      },
    ],
    caveat: `quality not measured: ${wrong.text} of hits would be wrong answers; the saving is as good as the two rates that were stated`,
  };
}

/** The part of the cost that is still paid: misses, and false hits so many times each. Never less than nothing. */
function paidShare(hit: Percent, wrong: Percent, asks: bigint) {
  const over = hit.over * wrong.over;
  return { part: (hit.over - hit.part) * wrong.over + hit.part * wrong.part * asks, over };
}

const assumed = (name: string, { text }: Percent, note: string): Assumption => ({
  name,
  value: text,
  source: 'declared',
  note,
});
