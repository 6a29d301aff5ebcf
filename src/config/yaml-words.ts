import { decimalText, parseDecimal } from '../domain/money.ts';

const TRUE = /^(y|yes|on)$/i;
const FALSE = /^(n|no|off)$/i;

/**
 * What YAML 1.1 readers make of an unquoted word that YAML 1.2 leaves alone (https://yaml.org/type/bool.html,
 * read 2026-11-22): `true` for yes and on, `false` for no and off; `undefined` for any other word.
 */
export const yamlOneBoolean = (word: string): 'true' | 'false' | undefined =>
  TRUE.test(word) ? 'true' : FALSE.test(word) ? 'false' : undefined;

/** Whether a word is a date or a time to YAML 1.1 readers (https://yaml.org/type/timestamp.html). */
export const isYamlOneDate = (word: string): boolean =>
  /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/.test(word);

const BASES = /^\+?(0o[0-7]+|0x[0-9a-f]+|0b[01]+)$/i;

/**
 * A number that is not written in plain digits, written out: `1_000` is 1000, `0o7` is 7, `0.1e-6` is
 * 0.0000001. `undefined` for plain digits, for what is no number, and below 0, where no card has one.
 */
export function writtenOut(word: string): string | undefined {
  const [, digits] = BASES.exec(word) ?? [];
  if (digits !== undefined) return String(BigInt(digits.toLowerCase()));
  const plain = word.replaceAll('_', '');
  if (!/^\+?(\d|\.\d)/.test(plain) || /^\d+(\.\d+)?$/.test(word)) return undefined;
  const decimal = parseDecimal(plain);
  return decimal === undefined ? undefined : decimalText(decimal.digits, decimal.scale);
}
