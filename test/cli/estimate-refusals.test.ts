import { describe, expect, it } from 'vitest';
import { PROJECT, promptDesk } from '../support/prompt-desk.ts';

describe('aicost estimate refuses', () => {
  it.each([
    [
      ['--var', 'ticket'],
      'aicost: --var: expected name=value, found "ticket"\nFor example --var lang=French, --var policy=@policy.md or --var "ticket=260 tokens".',
    ],
    [['--var', 'a=@gone.txt'], 'aicost: --var a: cannot read gone.txt'],
    [
      ['--calls-per-month', 'many'],
      'aicost: --calls-per-month: expected calls a month like 40000, "40k" or "1.2M calls/month", found "many"',
    ],
    [
      ['--engine', 'ninja'],
      'aicost: --engine: expected one of none, fstring, mustache, handlebars, jinja, found "ninja"\nDid you mean jinja?',
    ],
    [
      ['--prompt', 'suport'],
      'aicost: --prompt: no prompt has the id "suport"\nDid you mean support?',
    ],
    [['gone.txt'], 'aicost: there is no file or folder gone.txt'],
    [
      ['--encoding', 'o200k_base'],
      'aicost: --encoding counts text alone\nAdd --tokens-only to it.',
    ],
    [['--config', 'gone.yaml'], 'aicost: cannot read config'],
  ])('%j', async (argv, expected) => {
    const { write, estimate } = promptDesk();
    write(PROJECT);
    const { code, err } = await estimate(...argv);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  it('a folder without prompts', async () => {
    const { write, estimate } = promptDesk();
    write({ 'notes.txt': 'none' });
    const { code, err } = await estimate('.');
    expect(code).toBe(2);
    expect(err).toBe(
      'aicost: the working tree has no prompts by the usual names\nName files, or list them under prompts: in aicost.yaml.\n',
    );
  });
});
