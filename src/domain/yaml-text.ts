const PLAIN = /^[A-Za-z][A-Za-z0-9_]*(?:[-./@ ][A-Za-z0-9_]+)*$/;
/** Words that some YAML reader takes for a truth value or for nothing (https://yaml.org/type/bool.html, 2026-11-22). */
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

/** A text as one YAML scalar on one line, quoted where it could be read as anything else. */
export const yamlText = (text: string): string =>
  PLAIN.test(text) && !WORDS.test(text)
    ? text
    : // JSON's text in quotes is YAML's, but for a few characters that YAML wants escaped.
      JSON.stringify(text).replace(
        /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]/gu,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );

/** A text as it may stand behind `#`: on one line, without characters that a terminal obeys. */
export const yamlComment = (text: string): string =>
  text.replace(
    /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
