import type { Finding } from '../finding.ts';
import type { Template, TemplateEngine, TemplateText } from '../rendering/engine.ts';
import { plainEngine } from '../rendering/plain.ts';
import type { Located } from './located.ts';
import type { FormatContext, Included } from './prompt-format.ts';
import { loadTemplates } from './template-files.ts';

/** Text of a YAML or JSON file, with its place. */
export type LocatedText = Located & { readonly kind: 'text' };

/** Makes templates of the texts of one file, in one language, with what they include. */
export interface TemplateReader {
  readonly template: (source: TemplateText) => Promise<Template>;
  /** As `template`, for a text of YAML or JSON in this file. */
  readonly located: (text: LocatedText) => Promise<Template>;
  /** Keeps what was noticed beside templates, for `findings`. */
  readonly notice: (finding: Finding) => void;
  /** What was noticed about all of them. */
  readonly findings: () => readonly Finding[];
}

/**
 * A reader of templates. Where nobody `asked` for the language, a text that is none of it is counted as it stands,
 * with a warning: prompts show braces to models too. Where somebody did, that is an error.
 */
export function openTemplateReader(
  engine: TemplateEngine,
  context: FormatContext,
  { asked = true }: { readonly asked?: boolean } = {},
): TemplateReader {
  const findings: Finding[] = [];
  const template = async (source: TemplateText): Promise<Template> => {
    const { find, findings: noticed } = await loadTemplates(engine, source.text, (name) =>
      includeNear(name, context),
    );
    findings.push(...noticed);
    const parsed = engine.parse(source, find);
    if (parsed.kind === 'template') {
      findings.push(...parsed.template.findings);
      return parsed.template;
    }
    findings.push(asked ? parsed.finding : asItStands(parsed.finding));
    return plainTemplate(source);
  };
  return {
    template,
    located: ({ value, textLine, escaped }) =>
      template({ text: value, origin: { file: context.path, line: textLine }, escaped }),
    notice: (finding) => findings.push(finding),
    findings: () => findings,
  };
}

const asItStands = (finding: Finding): Finding => ({
  ...finding,
  level: 'warning',
  message: `${finding.message}, so the text is counted as it stands`,
});

/** Text without a template language. */
export function plainTemplate(source: TemplateText): Template {
  const parsed = plainEngine().parse(source);
  if (parsed.kind === 'broken')
    throw new Error(`plain text cannot be broken: ${parsed.finding.message}`);
  return parsed.template;
}

/** A name as it stands or with this file's extension, beside the file or from the root of the tree. */
async function includeNear(name: string, { path, include }: FormatContext): Promise<Included> {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? '';
  const beside = await include(name);
  let found = beside;
  for (const [candidate, from] of [
    [name + extension, path],
    [name, ''],
    [name + extension, ''],
  ] as const) {
    if (found.kind === 'text' || found.finding.code !== 'missing-file') return found;
    found = await include(candidate, from);
  }
  return found.kind === 'text' ? found : beside;
}
