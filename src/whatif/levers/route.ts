import type { Fraction } from '../../domain/fraction.ts';
import { type Cut, PROMPT, type RequestClass } from '../../domain/replay-question.ts';
import type { RouteRule, SizeRange } from '../../domain/route-policy.ts';
import { UserError } from '../../errors.ts';
import {
  type Lever,
  type LeverWorld,
  type PlainVerdict,
  QUALITY_NOT_MEASURED,
  type Verdict,
} from '../lever-contract/lever.ts';
import { modelsCalled } from '../lever-contract/models-called.ts';
import { openMove } from '../lever-contract/move.ts';
import { targetNamed } from '../lever-contract/named-models.ts';
import { ratioAsked, ratiosTo, TOKEN_RATIO_FLAG } from '../lever-contract/ratios.ts';
import type { TokenRatio } from '../lever-contract/token-ratio.ts';

/** Requests sent to models by rules: the simple ones to a small model, those of high stakes to a large one. */
const route: Lever = {
  name: 'route',
  summary: 'requests sent to models by the rules of a file, the first that fits',
  needs: 'a file of rules',
  words: '<policy>',
  flags: [TOKEN_RATIO_FLAG],
  examples: [
    'aicost whatif route policy.yml',
    'aicost whatif route policy.yml --since 30d --by feature',
    'aicost whatif route policy.yml --where team=search --format json',
  ],
  async plan(asked, world) {
    const [path] = asked.words;
    if (path === undefined) throw new UserError('name the file with the rules of routing');
    const { rules } = await world.routesAt(path);
    const declared = ratioAsked(asked);
    const opened = await Promise.all(rules.map((rule) => openRule(rule, world, declared)));
    return {
      title: `requests were routed by ${path}`,
      cuts: opened.flatMap(({ cuts }) => cuts),
      judge: (requests) => routed(requests, opened),
      assumptions: () => opened.flatMap(({ assumptions }) => assumptions()),
      caveat: QUALITY_NOT_MEASURED,
    };
  },
};

interface OpenRule {
  readonly rule: RouteRule;
  readonly cuts: readonly Cut[];
  readonly judge: (requests: RequestClass) => PlainVerdict;
  readonly assumptions: ReturnType<typeof openMove>['assumptions'];
}

async function openRule(
  rule: RouteRule,
  world: LeverWorld,
  declared: TokenRatio | undefined,
): Promise<OpenRule> {
  const own: readonly Cut[] = [
    { kind: 'where', filters: rule.where },
    { kind: 'size', of: PROMPT, above: edgesOf(rule.prompt) },
    { kind: 'size', of: ['output'], above: edgesOf(rule.output) },
  ];
  if (rule.to === undefined)
    return { rule, cuts: own, judge: () => ({ kind: 'untouched' }), assumptions: () => [] };
  const target = targetOf(rule, rule.to, world);
  const ratioOf = ratiosTo(target, await world.countingRules(), world, declared);
  const move = openMove(world, target, { from: modelsCalled(world), ratioOf });
  return { rule, cuts: [...own, ...move.cuts], judge: move.judge, assumptions: move.assumptions };
}

/** The model of a rule; a mistake is told at its place in the file. */
function targetOf(rule: RouteRule, to: string, world: LeverWorld) {
  try {
    return targetNamed('to', to, world);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, {
      origin: rule.origin,
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

const edgesOf = ({ atLeast, below }: SizeRange): readonly number[] =>
  [atLeast, below].flatMap((edge) => (edge === undefined ? [] : [edge - 1]));

const within = (
  size: number,
  { atLeast = 0, below = Number.POSITIVE_INFINITY }: SizeRange,
): boolean => size >= atLeast && size < below;

const fits = ({ where, prompt, output }: RouteRule, { sample }: RequestClass): boolean =>
  sample.holds(where) &&
  within(sample.size(PROMPT), prompt) &&
  within(sample.size(['output']), output);

/** Rules take their shares in order, each of what those before it left. */
function routed(requests: RequestClass, rules: readonly OpenRule[]): Verdict {
  const parts: { readonly share: Fraction; readonly verdict: PlainVerdict }[] = [];
  let left: Fraction = { part: 1n, over: 1n };
  for (const { rule, judge } of rules) {
    if (left.part === 0n) break;
    if (!fits(rule, requests)) continue;
    const { part, over } = rule.share;
    parts.push({
      share: { part: left.part * part, over: left.over * over },
      verdict: judge(requests),
    });
    left = { part: left.part * (over - part), over: left.over * over };
  }
  return { kind: 'split', parts };
}

export default route;
