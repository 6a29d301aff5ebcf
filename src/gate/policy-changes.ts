import type { GatePolicy, Waiver } from '../domain/gate-policy.ts';
import { dollarLimit, policyWords } from './limit-words.ts';

/** What people decide about the gate in one tree. */
export interface GateRules {
  readonly policy: GatePolicy;
  readonly policySource: 'base' | 'head';
  readonly waivers: readonly Waiver[];
  /** What else decides money: which prices, which counting rules; each in words by its key. */
  readonly other: ReadonlyMap<string, string>;
}

/** Every edit of the gate, its waivers and its prices between two trees: `gate.prompt.max_increase_usd: $10 → $500`. */
export function policyChanges(base: GateRules, head: GateRules): readonly string[] {
  const [before, after] = [rulesWords(base), rulesWords(head)];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    return was === is ? [] : [`${key}: ${was ?? 'none'} → ${is ?? 'none'}`];
  });
}

function rulesWords({
  policy,
  policySource,
  waivers,
  other,
}: GateRules): ReadonlyMap<string, string> {
  const words = new Map([...policyWords(policy), ...other, ['policy_source', policySource]]);
  const grouped = Map.groupBy(waivers, ({ prompt }) => prompt);
  for (const [prompt, all] of grouped)
    words.set(`waiver of ${prompt}`, all.map(waiverTerms).sort().join('; '));
  return words;
}

/** What a waiver allows, without its reason. */
const waiverTerms = ({ upToUsd, expires }: Waiver): string =>
  `up to ${dollarLimit(upToUsd)}${expires === undefined ? '' : ` until ${expires}`}`;
