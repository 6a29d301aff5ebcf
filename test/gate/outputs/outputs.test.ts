import { describe, expect, it } from 'vitest';
import type { Comparison, DiffResult } from '../../../src/gate/comparison-result.ts';
import { DIFF_FORMATS, loadDiffOutput, type DiffFormat } from '../../../src/gate/diff-formats.ts';
import { githubStepOutputs } from '../../../src/gate/outputs/github.ts';
import { textWidth } from '../../../src/render/text-width.ts';
import {
  failing,
  failure,
  finding,
  HOSTILE,
  same,
  SCREEN,
  side,
  support,
  change,
} from '../results.ts';

const print = async (format: DiffFormat, result: DiffResult, columns = 80): Promise<string> =>
  (await loadDiffOutput(format))(result, { ...SCREEN, columns });

/** A result in which a stranger named everything. */
const hostile = (): Comparison =>
  failing({
    id: HOSTILE,
    how: HOSTILE,
    prompts: [support({ id: HOSTILE, path: HOSTILE, base_path: HOSTILE, workspace: HOSTILE })],
    workspaces: [{ name: HOSTILE, change: change('1', '2', '1', '100') }],
    findings: [finding({ message: HOSTILE, path: HOSTILE, prompt: HOSTILE, limit: HOSTILE })],
    waivers: [
      {
        prompt: HOSTILE,
        up_to_usd: '40',
        reason: HOSTILE,
        by: HOSTILE,
        expires: null,
        from: HOSTILE,
        self_waived: true,
      },
    ],
  });

describe('a table', () => {
  it('says what changed, by how much and why, and what was found', async () => {
    expect(await print('table', failing())).toBe(
      `Prompt cost +$730.13 / month (+704%) over limit $10 per prompt

      Prompt   Monthly*  Change             Why
────────────────────────────────────────────────────────────────────────────────
FAIL  support  $782.00   +$730.13 (+1408%)  2,658 → 2,328 tokens; text −$4.95,
                                            model gpt-4o-mini → gpt-4o +$735.08
────────────────────────────────────────────────────────────────────────────────
      total    $833.87   +$730.13 (+704%)
1 column hidden at this width: Per call; use --format json or csv for all.

Level  Rule                  Finding
────────────────────────────────────────────────────────────────────────────────
error  prompt-cost-increase  prompts/support.txt:1: "support" +$730.13 (+1408%)
                             / month is over the limit $10 per prompt

note: * calls and answers as measured or declared
note: 1 prompt unchanged. Compared 9f3c2a1 with c5c5220 (merge parent of
9f3c2a1). Prices 2026-11-01, counting rules 2026-11-15.
`,
    );
  });

  it('marks money that rests on estimated tokens, alone and in every sum that has it', async () => {
    const rough = { tokens_low: 2300, tokens_high: 2400 };
    const head = side({ ...rough, per_call_usd: '0.00782' });
    const result = failing({
      prompts: [support({ workspace: 'core', head }), same('web-copy')],
      workspaces: [
        { name: 'core', change: change('51.87', '782', '730.13', '1407.6152') },
        { name: 'web', change: change('51.87', '51.87', '0', '0') },
      ],
    });
    const table = await print('table', result, 160);
    expect(table).toContain(' $0.000519 → ~$0.00782 ');
    expect(table).toMatch(/support .* ~\$782\.00 /);
    expect(table).toMatch(/total .* ~\$833\.87 /);
    expect(table).toMatch(/core +~\$782\.00 /);
    expect(table).toMatch(/web +\$51\.87 /);
    const page = await print('md', result);
    expect(page).toContain('| &#126;&#8203;$782.00 |');
    expect(page).toContain('100,000 calls a month: declared');
  });

  it('sets a limit that no change crossed apart from the change', async () => {
    const total = change('833.87', '833.87', '0', '0');
    expect(await print('table', failing({ prompts: [], total }))).toMatch(
      /^Prompt cost unchanged, over limit \$10 per prompt\n/,
    );
  });

  it.each([60, 80, 120])(
    'is no wider than %i columns, whatever prompts are called',
    async (columns) => {
      const text = await print('table', hostile(), columns);
      expect(text.split('\n').filter((line) => textWidth(line) > columns)).toEqual([]);
      expect(text).not.toMatch(/[\u001b\u202e]/);
    },
  );

  it('says that nothing was compared, never that nothing changed', async () => {
    expect(await print('table', failure())).toBe(
      `Prompt cost was not compared: the base c5c5220 is not in this clone

note: Check out with fetch-depth: 2.
`,
    );
  });

  it('shows estimated tokens as a band and unknown cost as a question', async () => {
    const estimated = side({ tokens_low: 2510, tokens_high: 2806, tokens_source: 'estimated' });
    const unknown = side({
      monthly_usd: null,
      per_call_usd: null,
      unknown: 'no price for llama-9',
    });
    const prompt = support({
      base: estimated,
      head: unknown,
      change: change('51.87', null, null),
      causes: [],
      own_monthly_usd: null,
      verdict: 'unknown',
    });
    const text = await print('table', failing({ prompts: [prompt], findings: [] }), 160);
    expect(text).toContain('est. 2,510–2,806 → 2,658');
    expect(text).toMatch(/\?\s+support .* \?\s+\?\s+est\. .* tokens; no price for llama-9/);
  });
});

describe('a comment', () => {
  it('begins with a marker that tells whose it is and how old', async () => {
    const [marker, headline] = (await print('md', failing())).split('\n');
    expect(marker).toBe(
      '<!-- aicost:diff id=default valid-at=2026-11-21T10:02:11Z head=9f3c2a1000000000000000000000000000000000 -->',
    );
    expect(headline).toBe('### 🔴 Prompt cost +$730.13 / month (+704%) over limit $10 per prompt');
  });

  it('has a row for each prompt that changed and counts the others', async () => {
    const text = await print('md', failing());
    expect(text).toContain(
      '| ✖ | `support` | 2,658 → 2,328 | $0.000519 → $0.00782 | $782.00 | **+$730.13 (+1408%)** | text −$4.95, model gpt-4o-mini → gpt-4o +$735.08 |',
    );
    expect(text).toContain('1 prompt unchanged. Compared 9f3c2a1 with c5c5220');
    expect(text).not.toContain('`extract`');
  });

  it('lets nothing of a pull request become a border, code, HTML, a mention or a hidden line', async () => {
    const text = await print('md', hostile());
    expect(text).not.toContain('@all');
    expect(text).not.toContain('<img');
    expect(text).not.toContain(' #12');
    expect(text).not.toContain('a|b');
    expect(text.split('\n')[0]).toMatch(
      /^<!-- aicost:diff id=[\w.:/-]+ valid-at=\S+ head=\w+ -->$/,
    );
    const columns = text.split('\n').filter((line) => line.startsWith('| '));
    expect(columns.map((line) => line.split('|').length)).toEqual([9, 9]);
  });

  it('stays below what GitHub takes, with whole rows and the number of those left out', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => support({ id: `prompt-${index}` }));
    const found = Array.from({ length: 2_000 }, (_, index) =>
      finding({ prompt: `prompt-${index}` }),
    );
    const text = await print('md', failing({ prompts: many, findings: found }));
    expect(text.length).toBeLessThan(65_536);
    const rows = text.split('\n').filter((line) => line.startsWith('| ✖'));
    expect(rows.every((line) => line.split('|').length === 9 && line.endsWith(' |'))).toBe(true);
    expect(text).toContain(
      `${(2_000 - rows.length).toLocaleString('en-US')} more prompts are not shown here.`,
    );
  });

  it('stays below it too when a single prompt has a very long name', async () => {
    const long = support({ id: '|'.repeat(60_000), path: 'p' });
    const text = await print('md', failing({ prompts: [long], findings: [] }));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('1 more prompt is not shown here.');
  });

  it('says plainly that nothing was compared', async () => {
    const text = await print('md', failure());
    expect(text).toContain('### ⚪ Prompt cost was not compared');
    expect(text).toContain('the base c5c5220 is not in this clone');
  });
});

describe('annotations of GitHub', () => {
  it('stand at the line and escape what a command could take for its own', async () => {
    const path = 'a,b:c%.md';
    expect(await print('github', failing({ findings: [finding({ path, line: 3 })] }))).toBe(
      `::error file=a%2Cb%3Ac%25.md,line=3,title=Prompt cost::"support" +$730.13 (+1408%25) / month is over the limit $10 per prompt
::error title=Prompt cost::Prompt cost +$730.13 / month (+704%25) over limit $10 per prompt (1 finding)
`,
    );
  });

  it('are the nine worst of a level and one that sums up', async () => {
    const findings = Array.from({ length: 30 }, (_, index) => finding({ message: `no. ${index}` }));
    const lines = (await print('github', failing({ findings }))).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.at(-1)).toContain('(30 findings)');
  });

  it('are one line each, whatever a prompt is called', async () => {
    const lines = (await print('github', hostile())).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.startsWith('::error '))).toBe(true);
  });

  it('hand verdict, dollars and percent to later steps', () => {
    expect(githubStepOutputs(failing())).toBe(
      'verdict=fail\ndelta_usd=730.13\ndelta_pct=703.8076\n',
    );
    expect(githubStepOutputs(failure())).toBe('verdict=error\ndelta_usd=\ndelta_pct=\n');
  });
});

describe('JUnit', () => {
  it('is a test case for each prompt: failure is the gate, error the unknown, skipped the waived', async () => {
    const prompts = [
      same('extract'),
      support(),
      support({ id: 'lost', verdict: 'unknown' }),
      support({ id: 'excused', verdict: 'waived' }),
    ];
    const text = await print('junit', failing({ prompts }));
    expect(text).toContain('tests="5" failures="1" errors="1" skipped="1"');
    expect(text).toContain(
      '<testcase classname="prompt-cost" name="extract" file="prompts/extract.txt"/>',
    );
    expect(text).toMatch(/name="support"[^>]*>\n\s*<failure message="[^"]*over the limit/);
    expect(text).toMatch(/name="lost"[^>]*>\n\s*<error /);
    expect(text).toMatch(/name="excused"[^>]*>\n\s*<skipped /);
  });

  it('has an error and no passed case when nothing was compared', async () => {
    const text = await print('junit', failure());
    expect(text).toContain('tests="1" failures="0" errors="1" skipped="0"');
  });

  it('holds no character that XML has not', async () => {
    const text = await print('junit', hostile());
    expect(text).not.toMatch(/<img|[\u0000-\u0008\u000b-\u001f]/);
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

const sarif = async (result: DiffResult): Promise<Sarif> =>
  JSON.parse(await print('sarif', result));

describe('SARIF', () => {
  it('keeps a finding the same finding when only its amount changes', async () => {
    const [one, other] = await Promise.all(
      ['+$1', '+$2'].map((message) => sarif(failing({ findings: [finding({ message })] }))),
    );
    const print1 = one?.runs[0]?.results[0]?.partialFingerprints;
    expect(print1).toEqual(other?.runs[0]?.results[0]?.partialFingerprints);
    expect(one?.version).toBe('2.1.0');
  });

  it('writes paths as URIs and keeps no more results than code scanning takes', async () => {
    const findings = Array.from({ length: 6_000 }, (_, index) =>
      finding({ prompt: `p${index}`, path: 'a b/c#d.md' }),
    );
    const { runs } = await sarif(failing({ findings }));
    expect(runs[0]?.results).toHaveLength(5_000);
    expect(runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      'a%20b/c%23d.md',
    );
  });

  it('says that it did not run when nothing was compared', async () => {
    expect((await sarif(failure())).runs[0]?.invocations[0]?.executionSuccessful).toBe(false);
  });
});

describe('code quality of GitLab', () => {
  it('is a list of issues with a fingerprint of prompt and rule', async () => {
    const issues: readonly unknown[] = JSON.parse(await print('gitlab', failing()));
    expect(issues).toEqual([
      {
        description: '"support" +$730.13 (+1408%) / month is over the limit $10 per prompt',
        check_name: 'prompt-cost-increase',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'critical',
        location: { path: 'prompts/support.txt', lines: { begin: 1 } },
      },
    ]);
  });

  it('has a blocker when nothing was compared', async () => {
    expect(await print('gitlab', failure())).toContain('"severity": "blocker"');
  });
});

describe('CSV', () => {
  it('has a line for every prompt with exact amounts', async () => {
    expect((await print('csv', failing())).split('\n')[2]).toBe(
      'support,prompts/support.txt,,,changed,fail,gpt-4o-mini,gpt-4o,2658,2328,51.87,782,730.13,0,0,782,"text −$4.95, model gpt-4o-mini → gpt-4o +$735.08"',
    );
  });
});

describe('every format', () => {
  it.each(DIFF_FORMATS)('%s ends in one line feed and prints the same twice', async (format) => {
    for (const result of [failing(), failure(), hostile()]) {
      const text = await print(format, result);
      expect(text).toBe(await print(format, result));
      expect(text).toMatch(/[^\n]\n$/);
    }
  });
});
