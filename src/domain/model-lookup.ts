import { nearest } from './nearest.ts';
import type { ModelCard, RateCard } from './rate-card.ts';

/** A card's models by every name they are billed under. Build it once per card. */
export interface ModelIndex {
  /** The model that a name means, by exact id or alias first, then by a declared glob. Never by prefix. */
  find(name: string): ModelCard | undefined;
  /** The known name closest to one that was not found. */
  nearest(name: string): string | undefined;
}

/** Indexes a card's models. Names are compared without regard to case. */
export function indexModels(card: RateCard): ModelIndex {
  const exact = new Map<string, ModelCard>();
  const globs: { readonly pattern: string; readonly model: ModelCard }[] = [];
  for (const model of card.models) {
    for (const name of [model.id, ...model.aliases]) exact.set(name.toLowerCase(), model);
    if (model.match !== undefined) globs.push({ pattern: model.match.toLowerCase(), model });
  }
  const find = (name: string): ModelCard | undefined => {
    for (const spelling of spellings(card.provider, name.toLowerCase())) {
      const found =
        exact.get(spelling) ?? globs.find(({ pattern }) => matchesGlob(pattern, spelling))?.model;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { find, nearest: (name) => nearest(name, exact.keys()) };
}

/** The name as written, then without the address that hosts put before it. */
function spellings(provider: string, name: string): readonly string[] {
  const bare = name.slice(name.lastIndexOf('/') + 1);
  const addressed =
    name.startsWith('arn:aws:bedrock') ||
    name.startsWith('models/') ||
    name.includes('publishers/') ||
    name.startsWith(`${provider}/`);
  // `openai/gpt-4o` at openai, `models/gemini-2.5-pro` at google, a Bedrock ARN, a Vertex resource name.
  if (name.startsWith(`${provider}/`)) return [name, name.slice(provider.length + 1)];
  return addressed && bare !== name ? [name, bare] : [name];
}

/** Whether a text fits a pattern in which `*` stands for any run of characters. Linear, no backtracking blow-up. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > text.length - last.length) return false;
    from = found + piece.length;
  }
  return true;
}

/** Whether some text fits both patterns. */
export function globsMeet(one: string, other: string): boolean {
  const known = new Map<string, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    const [a, b] = [one[i], other[j]];
    let found: boolean;
    if (a === undefined && b === undefined) found = true;
    else if (a === '*') found = meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    else if (b === '*') found = meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    else found = a !== undefined && a === b && meet(i + 1, j + 1);
    known.set(key, found);
    return found;
  };
  return meet(0, 0);
}
