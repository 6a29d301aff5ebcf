import type { TextRule } from '../../domain/counting-rules.ts';
import { estimateByClass } from './class-estimate.ts';
import { type Encoding, type EncodingName, encodingNamed, loadEncoding } from './encodings.ts';
import { eachSharedPiece, joinTexts } from './joined-texts.ts';
import { ruledCount, type TokenCount } from './token-count.ts';

/** Counts of texts by one rule. */
export interface TextCount {
  readonly text: (text: string) => TokenCount;
  /** Of texts that follow each other in one: they add up to the count of all joined. */
  readonly texts: (texts: readonly string[]) => readonly TokenCount[];
}

/** A text counter for a rule; loads the encodings that the rule names. Throws for one that is not there. */
export async function openTextCount(rule: TextRule): Promise<TextCount> {
  const encoding = await loadEncoding(nameOf(rule.encoding));
  const { weights, multiply, scripts, band } = rule;
  if (weights === undefined && multiply === 1 && scripts.length === 0 && band === undefined)
    return exactCount(rule, encoding);
  const others = await Promise.all(
    scripts.map(async ({ encoding: name }) =>
      name === undefined ? undefined : await loadEncoding(nameOf(name)),
    ),
  );
  const texts = estimateByClass(rule, encoding, others);
  return { text: (text) => texts([text])[0] ?? ruledCount(0, rule), texts };
}

function nameOf(text: string): EncodingName {
  const name = encodingNamed(text);
  if (name === undefined) throw new Error(`rates/counting.yaml names no known encoding: ${text}`);
  return name;
}

const exactCount = (rule: TextRule, encoding: Encoding): TextCount => ({
  text: (text) => ruledCount(encoding.countText(text), rule),
  texts: (texts) => {
    const counts = texts.map(() => 0);
    eachSharedPiece(
      encoding,
      joinTexts(texts),
      () => undefined,
      (text, tokens) => {
        counts[text] = (counts[text] ?? 0) + tokens;
      },
    );
    return counts.map((tokens) => ruledCount(tokens, rule));
  },
});
