/** Kinds of personal data that a text shows by its form alone. Names of people have no form. */
export const PERSONAL_KINDS = [
  'e-mail address',
  'phone number',
  'IP address',
  'social security number',
  'national insurance number',
  'payment card number',
] as const;
/** One of PERSONAL_KINDS. */
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

/** Longer texts are looked at up to here. */
const MOST_LOOKED_AT = 500;

const EMAIL =
  /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,3}\.\p{L}{2,24}/u;
/** International with +, or the three groups of North America with separators; bare digits may be any id. */
const PHONE =
  /(?:^|[^\p{L}\p{N}])(?:\+\d{1,3}(?:[ .()-]?\d){6,12}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?!\d)/u;
const IP_FOUR = /(?:^|[^\d.])((?:\d{1,3}\.){3}\d{1,3})(?![\d.])/;
const IP_SIX = /(?:^|[^\p{L}\p{N}:])((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4})(?![\p{L}\p{N}:])/iu;
/** https://www.ssa.gov/employer/randomization.html (2026-11-22): no 000, 666 or 9xx, no group of zeros. */
const SOCIAL_SECURITY = /(?:^|\D)(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)/;
/** https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110 (2026-11-22). */
const NATIONAL_INSURANCE =
  /(?:^|[^\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\p{L}\p{N}])/u;
const CARD = /(?:^|[^\p{L}\p{N}])(\d(?:[ -]?\d){14,15})(?![\p{L}\p{N}])/u;

/** The kind of personal data that a text holds by its form; `undefined` where it shows none. */
export function personalKind(text: string): PersonalKind | undefined {
  const looked = text.slice(0, MOST_LOOKED_AT);
  if (EMAIL.test(looked)) return 'e-mail address';
  if (SOCIAL_SECURITY.test(looked)) return 'social security number';
  if (NATIONAL_INSURANCE.test(looked)) return 'national insurance number';
  if (isCard(CARD.exec(looked)?.[1])) return 'payment card number';
  if (isIpFour(IP_FOUR.exec(looked)?.[1]) || isIpSix(IP_SIX.exec(looked)?.[1])) return 'IP address';
  return PHONE.test(looked) ? 'phone number' : undefined;
}

const isIpFour = (text: string | undefined): boolean =>
  text?.split('.').every((part) => Number(part) <= 255 && !/^0\d/.test(part)) === true;

/** Eight groups, or three and more around one `::`; clock times such as 09:15:00 have neither. */
const isIpSix = (text: string | undefined): boolean => {
  if (text === undefined) return false;
  const gaps = text.split('::').length - 1;
  const groups = text.split(':').filter((group) => group !== '').length;
  return (gaps === 1 && groups >= 3) || (gaps === 0 && groups === 8);
};

/** Longer ones are rare, and longer ids are not. */
const CARD_LENGTHS = new Set([15, 16]);

/** Card numbers carry a check digit (ISO/IEC 7812-1, Luhn), and begin with 2 to 6. */
function isCard(text: string | undefined): boolean {
  const digits = text?.replace(/\D/g, '') ?? '';
  if (!CARD_LENGTHS.has(digits.length) || !/^[2-6]/.test(digits)) return false;
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** The text with all but its ends hidden, so that it can be found again and not read. */
export const masked = (text: string): string => {
  const characters = Array.from(text);
  const [first = '', last = ''] = [characters[0], characters.at(-1)];
  return characters.length < 8 ? '***' : `${first}***${last}`;
};
