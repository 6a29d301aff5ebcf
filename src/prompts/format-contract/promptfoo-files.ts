import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Located } from './located.ts';
import type { FormatContext } from './prompt-format.ts';
import { languageOf } from './shape.ts';
import { readStructured } from './structured-text.ts';
import type { LocatedText } from './template-reader.ts';

/** Where a config names a file for a value: `file://tools.json`. */
const FILE = 'file://';

/** A value of a config, or what the JSON or YAML file that it names holds; `undefined`, with a warning, where that cannot be read. */
export async function fileOrValue(
  value: Located | undefined,
  context: FormatContext,
  findings: Finding[],
): Promise<Located | undefined> {
  if (value?.kind !== 'text' || !value.value.startsWith(FILE)) return value;
  const { line, column } = value;
  const origin = { file: context.path, line, column };
  if (languageOf(value.value) !== undefined) return readDataFile(value, context, findings);
  const message = `${quote(value.value)} is no YAML or JSON, so nothing is counted for it`;
  findings.push({ level: 'warning', code: 'unresolved-content', message, origin });
  return undefined;
}

/** The values of a YAML or JSON file that a text names. One that cannot be read is a warning. */
export async function readDataFile(
  { value, line, column }: LocatedText,
  { include, path }: FormatContext,
  findings: Finding[],
): Promise<Located | undefined> {
  const file = await include(value.startsWith(FILE) ? value.slice(FILE.length) : value);
  if (file.kind === 'missing') {
    findings.push({ ...file.finding, level: 'warning', origin: { file: path, line, column } });
    return undefined;
  }
  const read = readStructured(languageOf(file.path) ?? 'yaml', file.text, file.path);
  if (read.kind === 'value') return read.value;
  findings.push({ ...read.finding, level: 'warning' });
  return undefined;
}
