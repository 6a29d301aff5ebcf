import { type Fields, fieldsOrJson, isFields } from './fields.ts';

/** Whether an HTTP status of Helicone is a failure: errors, and below 0 what never reached a provider. */
export const isHeliconeFailure = (status: number): boolean => status >= 400 || status < 0;

/** Properties under the keys of tags: Helicone's own session headers renamed, its prefix and paths taken off. */
export function heliconeProperties(written: unknown): Fields {
  const properties =
    typeof written === 'string' && Object.keys(fieldsOrJson(written)).length === 0
      ? // The exporter doubles the quotes of an object cell once more than CSV does.
        fieldsOrJson(written.replaceAll('""', '"'))
      : fieldsOrJson(written);
  return Object.fromEntries(
    Object.entries(isFields(properties) ? properties : {})
      .map(([key, value]) => [RENAMED.get(key.toLowerCase()) ?? key.replace(PREFIX, ''), value])
      .filter(([key]) => key !== ''),
  );
}

const PREFIX = /^helicone-property-/i;
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['helicone-session-id', 'session'],
  ['helicone-session-name', 'workflow'],
  ['helicone-session-path', ''],
]);
