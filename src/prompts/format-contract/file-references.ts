import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { withoutByteOrderMark } from './text-decoding.ts';
import type { Located } from './located.ts';
import type { FormatContext } from './prompt-format.ts';
import { languageOf } from './shape.ts';
import { readStructured } from './structured-text.ts';

/** A value, and the file that holds it. */
export interface FoundValue {
  readonly value: Located;
  readonly file: string;
}

/** Follows references of a file's header to other files and to the environment. */
export interface References {
  /** `${file:x.json}` is what that file holds; `${env:NAME:fallback}` its fallback. `undefined` where there is none, with a finding. */
  readonly follow: (value: Located | undefined) => Promise<FoundValue | undefined>;
  /** Reads a file by its name alone. */
  readonly open: (name: string, value: Located) => Promise<FoundValue | undefined>;
  readonly paths: () => readonly string[];
  readonly findings: () => readonly Finding[];
}

/** References of the file that `context` is about; files are read inside the tree only, the environment never. */
export function openReferences({ path, include }: FormatContext): References {
  const findings: Finding[] = [];
  const paths = new Set<string>();
  const open: References['open'] = async (name, value) => {
    const included = await include(name);
    if (included.kind === 'missing') {
      const { line, column } = value;
      findings.push({ ...included.finding, origin: { file: path, line, column } });
      return undefined;
    }
    paths.add(included.path);
    findings.push(...included.findings);
    const language = languageOf(included.path);
    if (language === undefined)
      return { file: included.path, value: wholeText(withoutByteOrderMark(included.text)) };
    const read = readStructured(language, included.text, included.path);
    if (read.kind === 'value') return { file: included.path, value: read.value };
    findings.push(read.finding);
    return undefined;
  };
  return {
    open,
    async follow(value) {
      if (value === undefined) return undefined;
      const [, kind, name = ''] =
        (value.kind === 'text' ? /^\$\{(file|env):([^}]*)\}$/.exec(value.value.trim()) : null) ??
        [];
      if (kind === 'file') return open(name, value);
      if (kind !== 'env') return { value, file: path };
      const [variable = '', ...fallback] = name.split(':');
      if (fallback.length > 0 && value.kind === 'text')
        return { value: { ...value, value: fallback.join(':') }, file: path };
      findings.push({
        level: 'warning',
        code: 'unresolved-environment',
        message: `the environment decides ${quote(variable)}, which is not read; say it in the file or in the config`,
        origin: { file: path, line: value.line, column: value.column },
      });
      return undefined;
    },
    paths: () => [...paths],
    findings: () => findings,
  };
}

const wholeText = (value: string): Located => ({
  kind: 'text',
  value,
  line: 1,
  column: 1,
  textLine: 1,
  escaped: false,
});
