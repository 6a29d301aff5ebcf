/**
 * Shares a whole number out by weights, none below 0: parts are whole, none below 0, and add up to it. What is left
 * of rounding goes to whoever comes next, so that a part is never more than one off. The first one takes all where
 * nobody weighs anything.
 */
export function sharedOut(whole: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum <= 0) return weights.map((_, index) => (index === 0 ? whole : 0));
  let [weighed, given] = [0, 0];
  const parts = weights.map((weight) => {
    weighed += weight;
    const upTo = Math.round((whole * weighed) / sum);
    const part = upTo - given;
    given = upTo;
    return part;
  });
  return parts;
}
