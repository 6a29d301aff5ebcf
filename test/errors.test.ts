import { cpSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, runIn } from './support/fake-runtime.ts';

const ERRORS = join(import.meta.dirname, 'errors');

const cases = readdirSync(ERRORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The words of a command line; quotes keep a word together. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

// A folder an error, as hledger has them: command.txt, the file that provokes it, and what stderr says.
describe('an error says where, what and how to mend it:', () => {
  it.each(cases)('%s', async (name) => {
    const folder = realpathSync(freshFolder());
    cpSync(join(ERRORS, name), folder, { recursive: true });
    const [program, ...argv] = words(readFileSync(join(folder, 'command.txt'), 'utf8').trim());
    const { code, out, err } = await runIn({ cwd: folder, env: { HOME: folder } }, argv);
    expect({ program, code, out }).toEqual({ program: 'aicost', code: 2, out: '' });
    await expect(err.replaceAll(`${folder}/`, '')).toMatchFileSnapshot(
      join(ERRORS, name, 'expected.txt'),
    );
  });

  it.each(cases)('%s: in one or two sentences that begin with aicost', (name) => {
    const text = readFileSync(join(ERRORS, name, 'expected.txt'), 'utf8');
    expect(text).toMatch(/^aicost: [^\n]+\n([^\n]+\n)?$/);
  });
});
