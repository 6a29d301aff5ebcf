import { Command } from 'commander';
import type { Runtime } from '../runtime.ts';

/** `aicost rates schema`: the JSON Schema of a rate card, for editors and for checks elsewhere. */
export function schemaCommand(runtime: Runtime): Command {
  return new Command('schema')
    .description(
      'The JSON Schema (2020-12) of a rate card, for editors and for checks elsewhere.\nA card names it in its first line:\n  # yaml-language-server: $schema=./card.schema.json',
    )
    .argument('[name]', 'kind of file', 'card')
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates schema > my-rates/card.schema.json
  $ aicost rates schema | jq '."$defs".row.properties | keys'`,
    )
    .action(async (name: string) => {
      const { readSchema } = await import('../config/schema-files.ts');
      runtime.out(readSchema(name));
    });
}
