import { cleanText } from '../../render/clean-text.ts';

/**
 * Text of a pull request as plain text of a comment: no table borders, code, links, HTML, mentions, references or
 * quick actions, however it is spelled. Forges look for mentions in the finished page, where an entity is a
 * character again, so an invisible space stands behind `@`, `#`, `!` and `~` too.
 */
export const plainMarkdown = (text: string): string =>
  entities(text).replace(/&#(?:64|35|33|126);/g, '$&&#8203;');

/** The same as code: forges look for no mention in it. */
export const codeMarkdown = (text: string): string =>
  /^[\w./-]+(:\d+)?$/.test(text) ? `\`${text}\`` : `<code>${entities(text)}</code>`;

const entities = (text: string): string =>
  cleanText(text)
    .replace(/[&<>`|*[\]\\@#!~{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, entity)
    .replace(/:(?=\/\/)|(?<=www)\./gi, entity);

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;
