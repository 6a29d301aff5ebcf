import { showOrigin, UserError } from '../../src/errors.ts';

/** What an error says, its place first. */
export function errorOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const where = error.origin === undefined ? '' : `${showOrigin(error.origin)}: `;
    return `${where}${error.message}${error.hint === undefined ? '' : ` | ${error.hint}`}`;
  }
  return 'no error';
}
