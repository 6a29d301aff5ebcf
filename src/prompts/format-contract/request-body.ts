import type { Prompt } from '../prompt.ts';
import { engineNamed } from './engines.ts';
import type { Located } from './located.ts';
import type { ContentReader } from './message-content.ts';
import type { PromptFormat } from './prompt-format.ts';
import { languageOf } from './shape.ts';
import { readStructured } from './structured-text.ts';
import { openTemplateReader } from './template-reader.ts';

/**
 * Reads files that are the body of one request, in JSON or YAML. `{{x}}` in their texts are variables unless the
 * config names another language. A text that is neither JSON nor YAML is an error finding.
 */
export const readingBody =
  (promptOf: (body: Located, reader: ContentReader) => Promise<Prompt>): PromptFormat['read'] =>
  async (text, context) => {
    const { path, engine } = context;
    const read = readStructured(languageOf(path) ?? 'json', text, path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    const templates = openTemplateReader(engineNamed(engine ?? 'mustache'), context, {
      asked: engine !== undefined,
    });
    return { prompts: [await promptOf(read.value, { templates, context })], findings: [] };
  };
