import type { Finding } from '../finding.ts';
import type { FindTemplate, TemplateEngine, TemplateText } from '../rendering/engine.ts';
import type { Included } from './prompt-format.ts';

/** Other templates that one asks for, read before it is rendered. */
export interface LoadedTemplates {
  readonly find: FindTemplate;
  /** Files that were read. */
  readonly paths: readonly string[];
  /** What was noticed about files that are there; one that is missing is told by the engine, with its line. */
  readonly findings: readonly Finding[];
}

/** Reads every template that a text asks for by name, and those that these ask for; each name once. */
export async function loadTemplates(
  engine: TemplateEngine,
  text: string,
  include: (name: string) => Promise<Included>,
): Promise<LoadedTemplates> {
  const found = new Map<string, TemplateText>();
  const paths = new Set<string>();
  const findings: Finding[] = [];
  const asked = new Set(engine.includes(text));
  for (const name of asked) {
    const included = await include(name);
    if (included.kind === 'missing') {
      if (included.finding.code !== 'missing-file') findings.push(included.finding);
      continue;
    }
    found.set(name, { text: included.text, origin: { file: included.path } });
    if (!paths.has(included.path)) findings.push(...included.findings);
    paths.add(included.path);
    for (const further of engine.includes(included.text)) asked.add(further);
  }
  return { find: (name) => found.get(name), paths: [...paths], findings };
}
