import { divideHalfEven } from '../../domain/money.ts';
import type { OrderedCall } from '../../domain/ordered-call.ts';
import { UserError } from '../../errors.ts';
import { countAsked, percentAsked } from '../lever-contract/asked-numbers.ts';
import { callByCall, type CallVerdict } from '../lever-contract/call-by-call.ts';
import {
  type Assumption,
  type Lever,
  type LeverAsked,
  QUALITY_NOT_MEASURED,
  type Reason,
} from '../lever-contract/lever.ts';
import { openShorterPrompts } from '../lever-contract/shorter-prompts.ts';
import { obstacleOfPrompt } from '../lever-contract/single-call.ts';

/** Prompts without some of what they begin with: fewer examples, a shorter system prompt. */
const trim: Lever = {
  name: 'trim',
  summary: 'prompts that begin with fewer tokens: examples, system prompt',
  needs: '--drop-tokens; or --system-pct and system_tokens',
  flags: [
    { flag: '--drop-tokens <n>', description: 'tokens that each prompt lacks' },
    {
      flag: '--per <what>',
      description: 'request, or step: once for each step of a run (default: request)',
    },
    { flag: '--system-pct <percent>', description: 'the part of the system prompt that goes' },
    {
      flag: '--system-tokens <n>',
      description: 'its tokens, where the logs do not say (system_tokens)',
    },
  ],
  examples: [
    'aicost whatif trim --drop-tokens 700 --where feature=search',
    'aicost whatif trim --drop-tokens 700 --per step',
    'aicost whatif trim --system-pct 30 --system-tokens 2000',
  ],
  async plan(asked, world) {
    const cut = asked.value('drop-tokens') === undefined ? systemCut(asked) : plainCut(asked);
    const per = perAsked(asked);
    return {
      title: `${cut.title}${per === 'step' ? ', once for each step' : ''}`,
      ...callByCall(world, per === 'step' ? STEPS : ['system_tokens'], () => {
        const priced = openShorterPrompts(world, 'beginning');
        const steps = new Set<string>();
        return (call): CallVerdict => {
          const obstacle =
            obstacleOfPrompt(call) ?? (per === 'step' ? againOf(call, steps) : undefined);
          if (obstacle !== undefined) return { kind: 'excluded', reason: obstacle };
          const tokens = cut.tokensOf(call);
          return tokens === undefined
            ? { kind: 'excluded', reason: SYSTEM_UNKNOWN }
            : priced(call, tokens);
        };
      }),
      assumptions: () => [...cut.assumptions, AT_THE_BEGINNING],
      caveat: QUALITY_NOT_MEASURED,
    };
  },
};

export default trim;

const STEPS = ['system_tokens', 'run', 'step'] as const;
const AT_THE_BEGINNING: Assumption = {
  name: 'where the tokens stand',
  value: 'at the beginning of the prompt',
  source: 'assumed',
  note: 'so that what a cache held of them saves its own price, not that of input',
};
const SYSTEM_UNKNOWN: Reason = {
  code: 'system-tokens-unknown',
  message: 'their log has no system_tokens; --system-tokens says it for them',
};
const NO_STEP: Reason = { code: 'no-step', message: 'they belong to no step of a run' };
const STEP_AGAIN: Reason = {
  code: 'same-step',
  message: 'they are further calls of a step that was trimmed once',
};

interface Cut {
  readonly title: string;
  /** Tokens that a call's prompt lacks; `undefined` where that is not known. */
  readonly tokensOf: (call: OrderedCall) => number | undefined;
  readonly assumptions: readonly Assumption[];
}

function plainCut(asked: LeverAsked): Cut {
  if (asked.value('system-pct') !== undefined || asked.value('system-tokens') !== undefined)
    throw new UserError('--drop-tokens and --system-pct are two ways to say the same; give one');
  const tokens = countAsked(asked, 'drop-tokens') ?? 0;
  return { title: `prompts had ${tokens} tokens less`, tokensOf: () => tokens, assumptions: [] };
}

function systemCut(asked: LeverAsked): Cut {
  const percent = percentAsked(asked, 'system-pct');
  const declared = countAsked(asked, 'system-tokens');
  if (percent === undefined)
    throw new UserError('say what is trimmed: --drop-tokens or --system-pct', {
      hint: 'For example aicost whatif trim --drop-tokens 700, or --system-pct 30 --system-tokens 2000.',
    });
  const part = (tokens: number): number =>
    Number(divideHalfEven(BigInt(tokens) * percent.part, percent.over));
  return {
    title: `system prompts were ${percent.text} shorter`,
    tokensOf({ facts: [measured] }) {
      const tokens = /^\d{1,15}$/.test(measured ?? '') ? Number(measured) : declared;
      return tokens === undefined ? undefined : part(tokens);
    },
    assumptions:
      declared === undefined
        ? []
        : [
            {
              name: 'tokens of the system prompt',
              value: String(declared),
              source: 'declared',
              note: 'where the logs have no system_tokens',
            },
          ],
  };
}

function perAsked(asked: LeverAsked): 'request' | 'step' {
  const per = asked.value('per') ?? 'request';
  if (per === 'request' || per === 'step') return per;
  throw new UserError(`--per: expected request or step, found "${per}"`);
}

/** Why a call is not the one of its step that is trimmed; remembers the step. */
function againOf({ facts: [, run, step] }: OrderedCall, steps: Set<string>): Reason | undefined {
  if (step === undefined) return NO_STEP;
  // A step without a run is one by itself each time.
  if (run === undefined) return undefined;
  const name = JSON.stringify([run, step]);
  if (steps.has(name)) return STEP_AGAIN;
  steps.add(name);
  return undefined;
}
