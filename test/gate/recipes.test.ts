import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freshFolder } from '../support/fake-runtime.ts';
import { BIN } from '../support/processes.ts';
import { type Repository, repository } from '../support/repository.ts';
import { failing, failure } from './results.ts';

const ROOT = join(import.meta.dirname, '../..');
const file = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const README = file('README.md');
const block = (name: string): string =>
  new RegExp(`^\`\`\`${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(README)?.[1] ?? '';

/** A folder with an `npx` that runs this checkout, whatever version it is asked for. */
const tools = freshFolder();
writeFileSync(
  join(tools, 'npx'),
  `#!/bin/sh\n[ "$1" = --yes ] || exit 9\ncase "$2" in @aicost/cli@*) ;; *) exit 9 ;; esac\nshift 2\nexec '${process.execPath}' '${BIN}' "$@"\n`,
  { mode: 0o755 },
);
writeFileSync(join(tools, 'aicost'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, {
  mode: 0o755,
});

/** Runs a line of a recipe in a repository, as a job would. */
function runLine(at: Repository, line: string, more: Readonly<Record<string, string>> = {}) {
  const env = { ...at.env, ...more, PATH: `${tools}:${at.env['PATH'] ?? ''}`, COLUMNS: '80' };
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', line], {
    cwd: at.folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The one shell line of a workflow's job. */
function runOf(workflow: string): { readonly run: string; readonly env: Step['env'] } {
  const { jobs }: { jobs: Record<string, { steps: Step[] }> } = parse(workflow);
  const [step, ...others] = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ run }) => run !== undefined);
  expect(others).toEqual([]);
  return { run: step?.run ?? '', env: step?.env };
}

const SENTENCE =
  'You answer letters of customers, calmly, and promise nothing that the shop cannot keep.\n';

/** A repository with a prompt, in which the block of the README was pasted. */
function pasted(): Repository {
  const at = repository();
  at.write({ 'prompts/reply.md': SENTENCE.repeat(20) }).commit('prompts');
  const { status, stdout, stderr } = runLine(at, block('sh gate'));
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('prompts/reply.md');
  return at;
}

describe('the block of the README', () => {
  const at = pasted();
  at.branch('longer')
    .write({ 'prompts/reply.md': SENTENCE.repeat(200) })
    .commit('longer');
  at.checkout('main').pullRequest(7, 'longer');
  const job = at.ciCheckout('refs/pull/7/merge', 2);
  const event = join(freshFolder(), 'event.json');
  writeFileSync(
    event,
    JSON.stringify({
      number: 7,
      pull_request: { base: { sha: at.id('main') }, head: { sha: at.id('longer') } },
    }),
  );
  const environment = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_SHA: job.id(),
    GITHUB_BASE_REF: 'main',
  };

  it('makes a gate that fails a pull request, as the README shows it', () => {
    const { run } = runOf(
      readFileSync(join(job.folder, '.github/workflows/prompt-cost.yml'), 'utf8'),
    );
    const { status, stdout, stderr } = runLine(job, run, environment);
    expect([status, stderr]).toEqual([1, '']);
    const table = stdout.slice(0, stdout.indexOf('::'));
    const settled = table
      .replaceAll(job.id().slice(0, 7), '9f3c2a1')
      .replaceAll(at.id('main').slice(0, 7), 'c5c5220')
      .trimEnd();
    const shown = README.replace(
      /^```text gate\n[\s\S]*?^```$/m,
      () => `\`\`\`text gate\n${settled}\n\`\`\``,
    );
    const wanted = process.env['UPDATE_README'] === '1';
    if (wanted) writeFileSync(join(ROOT, 'README.md'), shown);
    expect(wanted ? shown : README).toBe(shown);
    expect(stdout).toContain('::error file=prompts/reply.md,line=1,title=Prompt cost::');
    expect(readFileSync(join(job.folder, 'aicost.json'), 'utf8')).toContain('"aicost.diff/1"');
  });

  it('holds the workflow of .github/recipes word for word, but for its comments', () => {
    const bare = file('.github/recipes/prompt-cost.yml')
      .replace(/^#.*\n/gm, '')
      .replaceAll(/ # .*$/gm, '');
    expect(block('sh gate')).toContain(bare);
  });

  it('has a comment job that posts what the gate saved', () => {
    const { run, env } = runOf(file('.github/recipes/prompt-cost-comment.yml'));
    expect(Object.keys(env ?? {})).toEqual(['GITHUB_TOKEN', 'HEAD_SHA']);
    const { status, stdout } = runLine(job, `${run} --dry-run`, {
      HEAD_SHA: at.id('longer'),
      GITHUB_REPOSITORY: 'acorn/desk',
    });
    expect(status).toBe(0);
    expect(stdout).toContain(
      `POST https://api.github.com/repos/acorn/desk/issues/{number of ${at.id('longer')}}/comments`,
    );
  });

  it('has a job of GitLab that leaves its reports', () => {
    const {
      'prompt-cost': gate,
    }: Record<string, { script: string[]; artifacts: { reports: Record<string, string> } }> = parse(
      file('.github/recipes/gitlab-ci.yml'),
    );
    const gitlab = {
      CI: 'true',
      GITLAB_CI: 'true',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: at.id('main'),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: at.id('longer'),
    };
    const branch = at.clone('--branch', 'longer');
    expect(runLine(branch, gate?.script.join('\n') ?? '', gitlab).status).toBe(1);
    const reports = gate?.artifacts.reports ?? {};
    expect(Object.keys(reports)).toEqual(['codequality', 'junit']);
    expect(
      JSON.parse(readFileSync(join(branch.folder, reports['codequality'] ?? ''), 'utf8')),
    ).toHaveLength(1);
    expect(readFileSync(join(branch.folder, reports['junit'] ?? ''), 'utf8')).toContain(
      'failures="1"',
    );
  });

  it('has a composite action whose line runs what its inputs say and nothing in them', () => {
    const action: {
      inputs: Record<string, { default: string }>;
      runs: { steps: Step[] };
    } = parse(file('.github/actions/prompt-cost/action.yml'));
    const run = action.runs.steps[0]?.run ?? '';
    expect(run).not.toContain('${{');
    const inputs = {
      AICOST_VERSION: action.inputs['version']?.default ?? '',
      AICOST_FLAGS: action.inputs['flags']?.default ?? '',
    };
    expect(runLine(job, run, { ...environment, ...inputs }).status).toBe(1);
    const hostile = { ...inputs, AICOST_FLAGS: '--format table; touch hacked' };
    expect(runLine(job, run, { ...environment, ...hostile }).status).toBe(2);
    expect(execFileSync('ls', { cwd: job.folder, encoding: 'utf8' })).not.toContain('hacked');
  });
});

describe('the hook of pre-commit', () => {
  const [hook]: readonly { readonly entry: string; readonly files: string }[] = parse(
    file('.pre-commit-hooks.yaml'),
  );

  it('stops a commit that is over a limit, and no other', () => {
    const at = pasted();
    expect(runLine(at, hook?.entry ?? '').status).toBe(0);
    at.write({ 'prompts/reply.md': SENTENCE.repeat(200) }).git('add', '--all');
    expect(runLine(at, hook?.entry ?? '').status).toBe(1);
  });

  it.each([
    ['prompts/a.md', true],
    ['apps/web/prompt/a.txt', true],
    ['x.prompty', true],
    ['chat.prompt.yml', true],
    ['aicost.yaml', true],
    ['.aicost/waivers.yaml', true],
    ['src/cli.ts', false],
    ['promptly.md', false],
  ])('runs for %s: %s', (path, runs) => {
    expect(new RegExp(hook?.files ?? '').test(path)).toBe(runs);
  });
});

describe('the Dangerfile', () => {
  const danger = (result: unknown): readonly (readonly unknown[])[] => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'aicost.json'), JSON.stringify(result));
    const told =
      'const told = []; globalThis.fail = (...a) => told.push(["fail", ...a]); globalThis.warn = (...a) => told.push(["warn", ...a]);';
    const code = `${told}\nprocess.on("exit", () => console.log(JSON.stringify(told)));\n${file('.github/recipes/dangerfile.js')}`;
    mkdirSync(join(folder, 'run'));
    writeFileSync(join(folder, 'run/danger.cjs'), code);
    return JSON.parse(
      execFileSync(process.execPath, ['run/danger.cjs'], { cwd: folder, encoding: 'utf8' }),
    );
  };

  it('fails for what is over a limit, at its line', () => {
    const { message } = failing().findings[0] ?? { message: '' };
    expect(danger(failing())).toEqual([['fail', message, 'prompts/support.txt', 1]]);
  });

  it('fails for what could not be compared', () => {
    expect(danger(failure())).toEqual([
      ['fail', 'Prompt cost was not compared: the base c5c5220 is not in this clone'],
    ]);
  });
});

describe('every recipe', () => {
  const [major, minor] = (JSON.parse(file('package.json')) as { version: string }).version.split(
    '.',
  );

  it.each([
    '.github/recipes/prompt-cost.yml',
    '.github/recipes/prompt-cost-comment.yml',
    '.github/recipes/gitlab-ci.yml',
    '.github/recipes/dangerfile.js',
    'README.md',
  ])('%s asks for this package in this version, never for somebody else’s', (path) => {
    const asked = [...file(path).matchAll(/npx [^`\n]*/g)].map(([line]) => line);
    const packages = asked.filter((line) => line.includes('--yes'));
    expect(packages.length).toBeGreaterThan(0);
    for (const line of packages) expect(line).toContain(`@aicost/cli@${major}.${minor} `);
  });
});
