import { engineNamed } from '../format-contract/engines.ts';
import { samplesOf } from '../format-contract/given-values.ts';
import { inOrder } from '../format-contract/in-order.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import { readMessage } from '../format-contract/message-content.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { readStructured, unexpected } from '../format-contract/structured-text.ts';
import { openTemplateReader } from '../format-contract/template-reader.ts';
import type { Prompt } from '../prompt.ts';

/**
 * Prompts of GitHub Models, `.prompt.yml`
 * (https://docs.github.com/en/github-models/use-github-models/storing-prompts-in-github-repositories, 2026-11-22).
 * Each row of `testData` is a sample.
 */
export default {
  id: 'github-models',
  name: 'GitHub Models (.prompt.yml)',
  recognizes: (path) => (/\.prompt\.ya?ml$/i.test(path) ? 'certain' : 'no'),
  async read(text, context) {
    const read = readStructured('yaml', text, context.path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    if (at(read.value, 'messages')?.kind !== 'list')
      return {
        prompts: [],
        findings: [
          unexpected(
            at(read.value, 'messages') ?? read.value,
            context.path,
            'a list of messages under "messages"',
          ),
        ],
      };
    return { prompts: [await readPrompt(read.value, context)], findings: [] };
  },
} satisfies PromptFormat;

async function readPrompt(file: Located, context: FormatContext): Promise<Prompt> {
  const { path } = context;
  const templates = openTemplateReader(engineNamed(context.engine ?? 'mustache'), context, {
    asked: context.engine !== undefined,
  });
  const messages = await inOrder(itemsAt(file, 'messages'), (message) =>
    readMessage(message, { templates, context }),
  );
  const name = textAt(file, 'name');
  const model = textAt(file, 'model');
  const maxOutputTokens =
    countAt(file, 'modelParameters', 'maxCompletionTokens') ??
    countAt(file, 'modelParameters', 'maxTokens');
  const schema = schemaOf(at(file, 'jsonSchema'));
  return promptOfMessages({
    path,
    line: 1,
    format: 'github-models',
    messages,
    samples: samplesOf(at(file, 'testData'), path),
    findings: templates.findings(),
    ...(name === undefined ? {} : { name }),
    ...(model === undefined ? {} : splitModelName(model)),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(schema === undefined ? {} : { outputSchema: schema }),
  });
}

/** `jsonSchema` is a schema, written out or as a text of JSON. */
function schemaOf(value: Located | undefined): unknown {
  if (value === undefined || value.kind === 'nothing') return undefined;
  if (value.kind !== 'text') return dataOf(at(value, 'schema') ?? value);
  const read = readStructured('json', value.value, '');
  return read.kind === 'value' ? dataOf(at(read.value, 'schema') ?? read.value) : undefined;
}
