import { isScalar, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import type { Origin } from '../errors.ts';
import type { Problem, Report } from './yaml-tree.ts';
import { isYamlOneDate, writtenOut, yamlOneBoolean } from './yaml-words.ts';

/** Keys whose values are dates on purpose; the days of `calendars` are too. */
const DATE_KEYS: ReadonlySet<unknown> = new Set([
  'from',
  'until',
  'read',
  'as_of',
  'check_by',
  'retires',
  'deprecated',
  'at',
]);

/**
 * Points at unquoted words that YAML readers take differently: `yes` and `on` are booleans to YAML 1.1,
 * a day is a date, `0o7` and `1_000` are numbers to some. A card is read by other tools and by people who
 * know one of them. Places where `known` has a problem already are passed over. The text has to be YAML.
 */
export function lintYamlWords(
  text: string,
  file: string,
  known: readonly Problem[],
  report: Report,
): void {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: lines });
  const told = new Set(known.map(({ origin }) => `${origin.line}:${origin.column}`));
  const problem = (node: Scalar, message: string): void => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    const origin: Origin = { file, line, column: col };
    if (!told.has(`${line}:${col}`)) report({ severity: 'error', origin, message });
  };
  visit(document, {
    Pair(_, pair) {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      if (isScalar(pair.key)) lintWord(pair.key, false, problem);
      if (isScalar(pair.value)) lintWord(pair.value, DATE_KEYS.has(key), problem);
      // What stands below is no text of the card: days, which are dates on purpose.
      return key === 'calendars' ? visit.SKIP : undefined;
    },
    Seq(_, { items }) {
      for (const item of items) if (isScalar(item)) lintWord(item, false, problem);
    },
  });
}

function lintWord(
  node: Scalar,
  isDate: boolean,
  problem: (node: Scalar, message: string) => void,
): void {
  const { source = '', type } = node;
  if (type !== 'PLAIN' || source === '') return;
  const quoted = `quote it: "${source}"`;
  const meant = yamlOneBoolean(source);
  if (meant !== undefined)
    return problem(
      node,
      `expected text, found ${source}, which is ${meant} to YAML 1.1 readers; ${quoted}`,
    );
  if (isYamlOneDate(source)) {
    if (!isDate)
      problem(
        node,
        `expected text, found ${source}, which is a date to YAML 1.1 readers; ${quoted}`,
      );
    return;
  }
  const digits = /^[-+.]?\d/.test(source) ? writtenOut(source) : undefined;
  if (digits !== undefined)
    problem(
      node,
      `expected text or plain digits, found ${source}, which YAML readers take for different numbers; write ${digits}, or ${quoted}`,
    );
}
