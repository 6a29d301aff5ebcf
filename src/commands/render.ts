import { Command } from 'commander';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type FormatFlags, withFormats, writeResult } from './diff-output.ts';
import { readSavedResult } from './saved-result.ts';

interface RenderFlags extends FormatFlags {
  readonly from?: string;
  readonly schema?: boolean;
}

/** `aicost render`: a saved comparison in other formats, without comparing again. */
export function renderCommand(runtime: Runtime): Command {
  const command = new Command('render')
    .description(
      'A saved comparison in other formats, without comparing again: what it prints is\nwhat `aicost diff` printed. It judges nothing and exits 0 for a failed gate too.',
    )
    .optionsGroup('What:')
    .option('--from <file>', 'JSON of aicost diff; - is standard input')
    .option('--schema', 'instead, the JSON Schema (2020-12) of that JSON');
  return withFormats(command)
    .addHelpText(
      'after',
      `
Examples:
  $ aicost render --from aicost.json
  $ aicost render --from aicost.json --format md=c.md --format junit=junit.xml
  $ aicost diff --format json | aicost render --from - --format sarif`,
    )
    .action(async ({ from, schema, ...flags }: RenderFlags) => {
      if (schema === true) {
        const { RESULT_SCHEMA } = await import('../gate/result-decoder.ts');
        runtime.out(`${JSON.stringify(RESULT_SCHEMA, null, 2)}\n`);
        return;
      }
      if (from === undefined)
        throw new UserError('nothing to render', {
          hint: 'Name the JSON of aicost diff with --from.',
        });
      await writeResult(await readSavedResult(from, runtime), flags, runtime);
    });
}
