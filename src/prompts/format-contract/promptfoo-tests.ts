import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Sample } from '../prompt.ts';
import type { GivenValue, Value, Values } from '../rendering/values.ts';
import { inOrder } from './in-order.ts';
import { at, entriesAt, itemsAt, type Located, templateValue, textAt } from './located.ts';
import { fileOrValue, readDataFile } from './promptfoo-files.ts';
import type { FormatContext } from './prompt-format.ts';
import { languageOf } from './shape.ts';
import { readStructured } from './structured-text.ts';
import type { LocatedText } from './template-reader.ts';

/** Most samples of one config: lists of values multiply each other. */
const MOST_SAMPLES = 200;

/** Values that every test has: `defaultTest.vars`. */
export async function readDefaults(
  config: Located,
  context: FormatContext,
  findings: Finding[],
): Promise<Values> {
  const test = await fileOrValue(at(config, 'defaultTest'), context, findings);
  const [first] = await readVars(at(test, 'vars'), context, findings);
  return first ?? new Map();
}

/** Each test as a sample. A list of values of one variable is a sample each, as promptfoo runs them. */
export async function readSamples(
  config: Located,
  context: FormatContext,
  findings: Finding[],
): Promise<readonly Sample[]> {
  const tests = await readTests(at(config, 'tests'), context, findings);
  const samples: Sample[] = [];
  for (const [index, test] of tests.entries()) {
    const rows = await readVars(at(test, 'vars'), context, findings);
    const name = textAt(test, 'description') ?? String(index + 1);
    for (const [row, values] of rows.entries())
      samples.push({ name: rows.length === 1 ? name : `${name}.${row + 1}`, values });
    if (samples.length >= MOST_SAMPLES) break;
  }
  return samples.slice(0, MOST_SAMPLES);
}

/** Tests in the config, or in files that it names. */
async function readTests(
  value: Located | undefined,
  context: FormatContext,
  findings: Finding[],
): Promise<readonly Located[]> {
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
  const read = await inOrder(items, async (item) =>
    item.kind === 'text' ? readRows(item, context, findings) : [item],
  );
  return read.flat();
}

/** Tests of a YAML or JSON file that a text names; those of any other file are not read. */
async function readRows(
  written: LocatedText,
  context: FormatContext,
  findings: Finding[],
): Promise<readonly Located[]> {
  const { value, line, column } = written;
  const origin = { file: context.path, line, column };
  if (languageOf(value) === undefined) {
    const message = `${quote(value)} is no YAML or JSON, so its tests are not read`;
    findings.push({ level: 'notice', code: 'unread-samples', message, origin });
    return [];
  }
  return itemsAt(await readDataFile(written, context, findings));
}

/** Values of one test: one map, or one for each combination where variables have lists of values. */
async function readVars(
  written: Located | undefined,
  context: FormatContext,
  findings: Finding[],
): Promise<readonly Values[]> {
  const vars = await fileOrValue(written, context, findings);
  let rows: readonly (readonly (readonly [string, GivenValue])[])[] = [[]];
  for (const [name, value] of entriesAt(vars)) {
    // Texts are a test each; a list of anything else, such as turns of a conversation, is one value.
    const choices = itemsAt(value)[0]?.kind === 'text' ? itemsAt(value) : [value];
    const read = await inOrder(choices, (choice) => readVar(choice, context, findings));
    const given = read.filter((one) => one !== undefined);
    if (given.length === 0) continue;
    rows = rows
      .flatMap((row) => given.map((one) => [...row, [name, one] as const]))
      .slice(0, MOST_SAMPLES);
  }
  return vars === undefined ? [] : rows.map((row) => new Map(row));
}

/** A value as it stands, or the content of the file that it names. Code is not run: what it would give is unknown. */
async function readVar(
  value: Located,
  { include, path }: FormatContext,
  findings: Finding[],
): Promise<GivenValue | undefined> {
  const origin = { file: path, line: value.line, column: value.column };
  if (value.kind !== 'text' || !value.value.startsWith('file://'))
    return { value: templateValue(value), origin };
  const name = value.value.slice('file://'.length);
  const given = (found: Value, file: string): GivenValue => ({
    value: found,
    origin: { file, line: 1 },
  });
  if (/\.(?:[cm]?[jt]s|py|pdf|png|jpe?g|gif|webp|mp3|mp4|wav)$/i.test(name)) {
    const message = `${quote(value.value)} is no text, so nothing is counted for it`;
    findings.push({ level: 'warning', code: 'unread-samples', message, origin });
    return undefined;
  }
  const file = await include(name);
  if (file.kind === 'missing') {
    findings.push({ ...file.finding, level: 'warning', origin });
    return undefined;
  }
  const language = languageOf(file.path);
  const read = language === undefined ? undefined : readStructured(language, file.text, file.path);
  return read?.kind === 'value'
    ? given(templateValue(read.value), file.path)
    : given(file.text, file.path);
}
