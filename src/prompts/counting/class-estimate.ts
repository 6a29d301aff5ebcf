import type { Band, PieceClass, ScriptRule, TextRule } from '../../domain/counting-rules.ts';
import type { Encoding } from './encodings.ts';
import { eachSharedPiece, joinTexts } from './joined-texts.ts';
import { codeUnits, pieceClass } from './piece-class.ts';
import { sharedOut } from './shared-out.ts';
import { ruledCount, type TokenCount } from './token-count.ts';

/** What pieces of one class came to. */
interface Tally {
  tokens: number;
  pieces: number;
  characters: number;
}

/** How pieces of a class are counted. */
interface ClassRule {
  readonly script: ScriptRule | undefined;
  /** Counts them instead of the rule's own encoding. */
  readonly other: Encoding | undefined;
}

/**
 * Counts texts that follow each other by the classes of their pieces. `others[n]` is the encoding of
 * `rule.scripts[n]`, where it has one of its own. Texts share the estimate of all of them joined.
 */
export function estimateByClass(
  rule: TextRule,
  encoding: Encoding,
  others: readonly (Encoding | undefined)[],
): (texts: readonly string[]) => readonly TokenCount[] {
  const classRules = new Map<PieceClass, ClassRule>();
  for (const [index, script] of rule.scripts.entries())
    for (const name of script.classes) classRules.set(name, { script, other: others[index] });
  return (texts) => {
    const joined = joinTexts(texts);
    const tallies = new Map<PieceClass, Tally>();
    const weights = texts.map(() => 0);
    let perToken = 0;
    eachSharedPiece(
      encoding,
      joined,
      (tokens, start, end) => {
        const name = pieceClass(joined.bytes, start, end);
        const classRule = classRules.get(name);
        const piece = {
          tokens: classRule?.other?.countBytes(joined.bytes.subarray(start, end)) ?? tokens,
          pieces: 1,
          characters: codeUnits(joined.bytes, start, end),
        };
        perToken = Math.max(0, estimateOf(rule, name, piece, classRule?.script)) / tokens;
        addTo(tallies, name, piece);
      },
      (text, tokens) => {
        weights[text] = (weights[text] ?? 0) + perToken * tokens;
      },
    );
    return shareCount(
      estimateOfAll(rule, tallies, (name) => classRules.get(name)?.script),
      weights,
    );
  };
}

function addTo(tallies: Map<PieceClass, Tally>, name: PieceClass, piece: Readonly<Tally>): void {
  const tally = tallies.get(name) ?? { tokens: 0, pieces: 0, characters: 0 };
  tally.tokens += piece.tokens;
  tally.pieces += piece.pieces;
  tally.characters += piece.characters;
  tallies.set(name, tally);
}

function estimateOf(
  rule: TextRule,
  name: PieceClass,
  { tokens, pieces, characters }: Readonly<Tally>,
  script: ScriptRule | undefined,
): number {
  const weight = rule.weights?.get(name);
  return weight === undefined
    ? tokens * (script?.multiply ?? rule.multiply)
    : tokens * weight.perToken + pieces * weight.perPiece + characters * weight.perCharacter;
}

function estimateOfAll(
  rule: TextRule,
  tallies: ReadonlyMap<PieceClass, Tally>,
  scriptOf: (name: PieceClass) => ScriptRule | undefined,
): TokenCount {
  if (tallies.size === 0) return ruledCount(0, rule);
  let [sum, below, above] = [0, 0, 0];
  for (const [name, tally] of tallies) {
    const script = scriptOf(name);
    const estimate = estimateOf(rule, name, tally, script);
    const band: Band = script?.band ?? rule.band ?? { below: 0, above: 0 };
    sum += estimate;
    // The weights of a class can go below zero for a few pieces; its band cannot.
    below += (Math.max(0, estimate) * band.below) / 100;
    above += (Math.max(0, estimate) * band.above) / 100;
  }
  // Some text is at least one token, whatever the weights say of it.
  const estimate = Math.max(1, sum);
  const label = ruledCount(estimate, rule);
  return {
    ...label,
    low: Math.min(label.tokens, Math.max(1, Math.floor(estimate - below))),
    high: Math.max(label.tokens, Math.ceil(estimate + above)),
  };
}

/** Shares a count out with its band: each part's own low, tokens and high are in order, and each adds up. */
function shareCount(count: TokenCount, weights: readonly number[]): readonly TokenCount[] {
  const [lows, untilTokens, untilHighs] = [
    sharedOut(count.low, weights),
    sharedOut(count.tokens - count.low, weights),
    sharedOut(count.high - count.tokens, weights),
  ];
  return weights.map((_, index) => {
    const low = lows[index] ?? 0;
    const tokens = low + (untilTokens[index] ?? 0);
    return { ...count, low, tokens, high: tokens + (untilHighs[index] ?? 0) };
  });
}
