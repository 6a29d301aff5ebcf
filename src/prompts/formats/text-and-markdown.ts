import { engineNamed } from '../format-contract/engines.ts';
import type { Engine, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { openTemplateReader } from '../format-contract/template-reader.ts';

/** Languages that an extension names; all other text is Mustache, which most prompts with `{{x}}` are. */
const ENGINE_BY_EXTENSION: ReadonlyMap<string, Engine> = new Map([
  ['j2', 'jinja'],
  ['jinja', 'jinja'],
  ['jinja2', 'jinja'],
  ['njk', 'jinja'],
  ['mustache', 'mustache'],
  ['hbs', 'handlebars'],
  ['handlebars', 'handlebars'],
]);

const TEXT =
  /\.(?:txt|text|md|mdx|markdown|rst|xml|tmpl|tpl|j2|jinja2?|njk|mustache|hbs|handlebars|prompt\.txt)$/i;

/** Text and Markdown: a whole file is one message, as it stands. Role and language are the config's to say. */
export default {
  id: 'text',
  name: 'text and Markdown',
  recognizes: (path) => (TEXT.test(path) ? 'likely' : 'no'),
  async read(text, context) {
    const { path, engine, role = 'user' } = context;
    const named = engine ?? ENGINE_BY_EXTENSION.get(/[^.]*$/.exec(path)?.[0].toLowerCase() ?? '');
    const reader = openTemplateReader(engineNamed(named ?? 'mustache'), context, {
      asked: named !== undefined,
    });
    const template = await reader.template({ text, origin: { file: path, line: 1 } });
    return {
      prompts: [
        promptOfMessages({
          path,
          line: 1,
          format: 'text',
          messages: [{ role, parts: [{ kind: 'text', template }] }],
          findings: reader.findings(),
        }),
      ],
      findings: [],
    };
  },
} satisfies PromptFormat;
