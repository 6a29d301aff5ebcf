import type { Plugin } from 'rolldown';

/**
 * Puts texts in the place of expressions that look at the sources, which are not there when the built files run.
 * `known` has the text of each by the expression as it is written. Fails when one of them is in no source any more.
 */
export function knownAtBuild(known: Readonly<Record<string, string>>): Plugin {
  const missing = new Set(Object.keys(known));
  return {
    name: 'known-at-build',
    transform(code) {
      let written = code;
      for (const [expression, text] of Object.entries(known)) {
        if (!written.includes(expression)) continue;
        written = written.replace(expression, JSON.stringify(text));
        missing.delete(expression);
      }
      return written === code ? undefined : { code: written, map: null };
    },
    buildEnd(error) {
      // What went wrong before is what has to be said.
      if (error === undefined && missing.size > 0)
        this.error(`no source has ${[...missing].join(', ')}`);
    },
  };
}
