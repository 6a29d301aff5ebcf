import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiffResult } from '../../src/gate/comparison-result.ts';
import { DIFF_FORMATS, loadDiffOutput } from '../../src/gate/diff-formats.ts';
import { decodeResult } from '../../src/gate/result-decoder.ts';
import { freshFolder, runIn } from '../support/fake-runtime.ts';
import { failing, failure, HOSTILE, SCREEN, side, support } from './results.ts';

const folder = freshFolder();
const save = (result: unknown, name = 'aicost.json'): string => {
  writeFileSync(join(folder, name), typeof result === 'string' ? result : JSON.stringify(result));
  return name;
};
const render = (...flags: readonly string[]) =>
  runIn({ cwd: folder }, ['render', '--from', 'aicost.json', ...flags]);

const RESULTS: readonly DiffResult[] = [
  failing(),
  failure(),
  failing({ base: null, prompts: [support({ head: null, base: side({ unknown: HOSTILE }) })] }),
];

describe('aicost render', () => {
  it.each(DIFF_FORMATS)(
    'prints as %s exactly what the comparison itself printed',
    async (format) => {
      const output = await loadDiffOutput(format);
      for (const result of RESULTS) {
        const json = (await loadDiffOutput('json'))(result, SCREEN);
        save(json);
        expect((await render('--format', format)).out).toBe(output(result, SCREEN));
        expect(decodeResult(json, 'aicost.json')).toEqual(result);
      }
    },
  );

  it('writes several formats at once, to files and to stdout', async () => {
    save(failing());
    const { code, out } = await render(
      '--format',
      'md=c.md',
      '--format',
      'junit=j.xml',
      '--format',
      'csv',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^prompt,path,/);
    expect(readFileSync(join(folder, 'c.md'), 'utf8')).toMatch(/^<!-- aicost:diff /);
    expect(readFileSync(join(folder, 'j.xml'), 'utf8')).toMatch(/^<\?xml /);
  });

  it('reads standard input', async () => {
    const { out } = await runIn({ cwd: folder, stdin: JSON.stringify(failing()) }, [
      'render',
      '--from',
      '-',
      '--format',
      'github',
    ]);
    expect(out).toMatch(/^::error file=prompts\/support\.txt/);
  });

  it('adds to the summary and the outputs of a step of GitHub', async () => {
    save(failing());
    const env = { GITHUB_STEP_SUMMARY: join(folder, 's.md'), GITHUB_OUTPUT: join(folder, 'o.txt') };
    writeFileSync(env.GITHUB_STEP_SUMMARY, 'before\n');
    const argv = ['render', '--from', 'aicost.json', '--format', 'github'];
    expect((await runIn({ cwd: folder, env }, argv)).code).toBe(0);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(/^before\n<!-- aicost:diff /);
    expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toBe(
      'verdict=fail\ndelta_usd=730.13\ndelta_pct=703.8076\n',
    );
  });

  it('lets no prompt give orders to the runner of GitHub', async () => {
    const id = '::add-mask::hello ##[group]x';
    save(failing({ prompts: [support({ id, causes: [], base: null, status: 'new' })] }));
    const argv = ['render', '--from', 'aicost.json', '--format', 'table', '--format', 'csv'];
    const env = { GITHUB_ACTIONS: 'true' };
    for (const columns of [30, 60, 120]) {
      const { out } = await runIn({ cwd: folder, env, columns }, argv);
      expect(out).not.toMatch(/^\s*::|##\[/m);
    }
    expect((await runIn({ cwd: folder }, argv)).out).toContain(id);
  });

  it('says what cannot be written, and which format was meant', async () => {
    save(failing());
    expect(await render('--format', 'md=nowhere/c.md')).toMatchObject({
      code: 2,
      err: 'aicost: cannot write nowhere/c.md: ENOENT\nDoes its folder exist, and may you write there?\n',
    });
    expect(await render('--format', 'jnit')).toMatchObject({ code: 2 });
    expect((await render('--format', 'jnit')).err).toContain('did you mean junit?');
    expect((await render('--format', 'md=')).err).toContain('expected a file after "=".');
  });
});

/** `read`, or the name of what was thrown. */
function outcome(json: string): string {
  try {
    decodeResult(json, 'x.json');
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}

describe('the README', () => {
  it('shows a result with every key that there is', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, json = ''] = /^```json diff\n([\s\S]*?)^```$/m.exec(readme) ?? [];
    const shown = failing({ prompts: [support()] });
    expect(JSON.parse(json)).toEqual(shown);
    expect(decodeResult(json, 'README.md')).toEqual(shown);
  });
});

describe('the JSON Schema', () => {
  it('is printed, and says that money is decimal text or not known', async () => {
    const { code, out } = await runIn({}, ['render', '--schema']);
    expect(code).toBe(0);
    const [compared, failed] = JSON.parse(out).oneOf;
    expect(compared.properties.total.properties.delta_usd).toEqual({
      anyOf: [{ type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }, { type: 'null' }],
    });
    expect(failed.properties.code).toEqual({ enum: [2, 3, 70] });
  });
});

describe('a saved result', () => {
  const HINT = 'Write it with: aicost diff --format json=aicost.json\n';

  it.each<[string, unknown, string]>([
    ['no object', [], 'aicost.json: expected an object, found a list'],
    [
      'another schema',
      { schema: 'aicost.report/1', verdict: 'pass' },
      'aicost.json: schema: expected aicost.diff/1, found aicost.report/1',
    ],
    [
      'no such verdict',
      { ...failing(), verdict: 'great' },
      'aicost.json: verdict: expected one of pass, warn, fail, undecided, found "great"',
    ],
    [
      'money as a number',
      { ...failing(), total: { ...failing().total, delta_usd: 1 } },
      'aicost.json: total.delta_usd: expected a decimal number as text, found 1',
    ],
    [
      'huge money',
      { ...failing(), total: { ...failing().total, delta_usd: '1e9999' } },
      'aicost.json: total.delta_usd: expected a decimal number as text, found "1e9999"',
    ],
    [
      'a prompt without an id',
      { ...failing(), prompts: [{ ...support(), id: null }] },
      'aicost.json: prompts[0].id: expected text of at most 100000 characters, found null',
    ],
    [
      'a time that is none',
      { ...failing(), valid_at: 'soon' },
      'aicost.json: valid_at: expected a time like 2026-11-22T06:00:00Z, found "soon"',
    ],
    [
      'a pass of a failure',
      { ...failure(), code: 0 },
      'aicost.json: code: expected one of 2, 3, 70, found 0',
    ],
  ])('with %s is refused with its place', async (_, json, message) => {
    save(json);
    expect(await render()).toMatchObject({
      code: 2,
      out: '',
      err: `aicost: ${message}\n${HINT}`,
    });
  });

  it('that is cut off, or missing, is refused', async () => {
    save('{"schema": "aicost.diff/1", ');
    expect((await render()).err).toMatch(/^aicost: aicost\.json: is no JSON: /);
    const missing = await runIn({ cwd: folder }, ['render', '--from', 'no.json']);
    expect([missing.code, missing.err]).toEqual([2, `aicost: cannot read no.json\n${HINT}`]);
    mkdirSync(join(folder, 'dir'), { recursive: true });
    expect((await runIn({ cwd: folder }, ['render', '--from', 'dir'])).code).toBe(2);
  });

  it('that is too large is not read', async () => {
    save(`"${'a'.repeat(33 * 1024 * 1024)}"`);
    expect(await render()).toMatchObject({
      code: 2,
      err: 'aicost: aicost.json: is larger than 32 MiB, which no result is\n',
    });
  });

  it('of any JSON is read or refused, and never crashes', () => {
    const wild = fc.jsonValue();
    const keys = Object.keys(failing());
    fc.assert(
      fc.property(fc.constantFrom(...keys), wild, fc.boolean(), (key, value, whole) => {
        const json = whole ? value : { ...failing(), [key]: value };
        expect(['read', 'UserError']).toContain(outcome(JSON.stringify(json)));
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });

  it('takes nothing from __proto__', () => {
    const text = JSON.stringify(failing()).replace('"id":"default"', '"__proto__":{"id":"x"}');
    expect(() => decodeResult(text, 'x.json')).toThrow('id: expected text');
  });
});
