/**
 * Whether a `.prompt` file is Humanloop's: a line begins with one of its tags, and no role of Dotprompt is called.
 * Both dialects have front matter and the same extension.
 */
export const hasRoleTags = (text: string): boolean =>
  /^<(?:system|user|assistant|tool)(?:\s[^>\n]{0,1000})?>/m.test(text) &&
  !/\{\{~?\s*role\s+["']/.test(text);

/** Whether the header of a `.prompt` file asks Humanloop for a completion: those have no tags. */
export const isCompletion = (text: string): boolean =>
  /^---\r?\n(?:(?!---)[^\n]{0,1000}\n){0,200}?endpoint:[ \t]*complet/.test(text);
