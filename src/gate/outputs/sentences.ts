import { counted } from '../../domain/words.ts';
import type {
  Comparison,
  Failure,
  GateFinding,
  PromptChange,
  UsedWaiver,
} from '../comparison-result.ts';
import {
  beforeAndAfter,
  dollars,
  signedDollars,
  signedPercent,
  sumDollars,
  tokensText,
} from '../amounts.ts';

/** What happened, in one line: `Prompt cost +$730.13 / month (+1408%) over limit $10 per prompt`. */
export function headline(result: Comparison): string {
  const over = result.findings.find(({ level, limit }) => level === 'error' && limit !== null);
  const tail =
    result.verdict === 'undecided'
      ? ', not decided'
      : over === undefined
        ? ''
        : `${result.total.delta_usd === '0' ? ',' : ''} over limit ${over.limit}`;
  return `${costWords(result)}${tail}`;
}

function costWords({ base, total, prompts }: Comparison): string {
  if (base === null) return `Prompt cost ${sumDollars(total, prompts)} / month, no comparison made`;
  if (!prompts.some(isWorthShowing)) return 'Prompt cost unchanged';
  if (total.delta_usd === null) return 'Prompt cost unknown';
  if (total.delta_usd === '0' && !total.at_least) return 'Prompt cost unchanged';
  const percent = signedPercent(total.delta_pct);
  const amount = `${total.at_least ? '≥ ' : ''}${signedDollars(total.delta_usd)}`;
  return `Prompt cost ${amount} / month${percent === '' ? '' : ` (${percent})`}`;
}

/** A failure in one line. */
export const failureLine = ({ message, path, line }: Failure): string =>
  `Prompt cost was not compared: ${path === null ? '' : `${path}${line === null ? '' : `:${line}`}: `}${message}`;

/** Why a prompt's cost changed: `text −$4.95, model gpt-4o-mini → gpt-4o +$735.08`. */
export function whyText(prompt: PromptChange): string {
  const steps = prompt.causes.map(({ cause, detail, delta_usd }) => {
    const name = detail === null ? cause : `${cause} ${detail}`;
    return `${name} ${signedDollars(delta_usd)}`;
  });
  const unknown = prompt.head?.unknown ?? prompt.base?.unknown;
  return [
    ...(unknown === undefined || unknown === null ? [] : [unknown]),
    ...steps,
    ...(prompt.changed_inputs.length === 0 ? [] : [`through ${prompt.changed_inputs.join(', ')}`]),
  ].join(', ');
}

/** All that a row of a narrow table has to say: `renamed from old.md; 2,658 → 2,328 tokens; text −$4.95`. */
export function rowWords(prompt: PromptChange): string {
  const { base, head, status } = prompt;
  const tokens = beforeAndAfter(base, head, tokensText);
  const isPlain = status === 'changed' || status === 'same';
  return [
    isPlain ? '' : statusText(prompt),
    tokens.includes('→') || base === null ? `${tokens} tokens` : '',
    whyText(prompt),
  ]
    .filter((words) => words !== '')
    .join('; ');
}

/** Status in words: `renamed from old.md`. */
export const statusText = ({ status, base_path }: PromptChange): string =>
  base_path === null ? status : `${status} from ${base_path}`;

/** True for prompts that a person has to see: what changed and what was found wrong. */
export const isWorthShowing = ({ status, verdict, change }: PromptChange): boolean =>
  status !== 'same' ||
  verdict === 'fail' ||
  verdict === 'warn' ||
  verdict === 'waived' ||
  (change.delta_usd !== null && change.delta_usd !== '0');

/** `4 prompts unchanged`, and what was compared with what at which prices. */
export function comparedWords({ base, head, how, prices, rules, prompts }: Comparison): string {
  const rest = prompts.filter((prompt) => !isWorthShowing(prompt)).length;
  const unchanged = rest === 0 ? '' : `${counted(rest, 'prompt')} unchanged. `;
  const trees =
    base === null
      ? `No comparison made: ${how}.`
      : `Compared ${head.name} with ${base.name} (${how}).`;
  return `${unchanged}${trees} Prices ${prices}, counting rules ${rules}.`;
}

/** What is told apart and never held against the change, a sentence each. */
export function apartWords({ apart }: Comparison): readonly string[] {
  return [
    ...(apart.prices_usd === '0'
      ? []
      : [`price drift ${signedDollars(apart.prices_usd)}, not caused by this change`]),
    ...(apart.assumptions_usd === '0'
      ? []
      : [
          `edited assumptions ${signedDollars(apart.assumptions_usd)}, not held against this change`,
        ]),
  ];
}

/** A waiver in words: `support-reply up to $40: new EU policy text (ana, expires 2026-12-31)`. */
export function waiverWords(waiver: UsedWaiver): string {
  const { prompt, up_to_usd, reason, by, expires, from, self_waived } = waiver;
  const known = [by, expires === null ? null : `expires ${expires}`, from].filter(
    (part) => part !== null,
  );
  const ceiling = up_to_usd === null ? '' : ` up to ${dollars(up_to_usd)}`;
  return `${self_waived ? 'self-waived' : 'waived'}: ${prompt}${ceiling}: ${reason} (${known.join(', ')})`;
}

/** A finding with its prompt's place before it where a format has no place of its own. */
export const placedMessage = ({ path, line, message }: GateFinding): string =>
  path === null ? message : `${path}${line === null ? '' : `:${line}`}: ${message}`;

/** What a reviewer must not have to unfold. */
export const isUpFront = ({ level, waived, rule }: GateFinding): boolean =>
  level !== 'notice' || waived || rule === 'policy-change';
