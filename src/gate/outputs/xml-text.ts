import { cleanText } from '../../render/clean-text.ts';

/** Text that may stand in XML 1.0, in content and in attributes: control characters become visible escapes. */
export const xmlText = (text: string): string =>
  cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    // Not characters of XML, though of Unicode.
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD');
