/** Text for a terminal: what is no printable character, line feeds apart, becomes a visible escape. */
export const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
