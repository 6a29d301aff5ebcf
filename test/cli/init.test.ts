import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, desk, freshFolder, jsonl, runIn } from '../support/fake-runtime.ts';

// gpt-4o-mini costs $0.15 in and $0.60 out per million tokens: 1 M in and 1 M out are 0.75.
const cost = (tags: Readonly<Record<string, string>>) =>
  call({ input_tokens: 1_000_000, output_tokens: 1_000_000, tags });

describe('aicost init', () => {
  const here = desk();
  const calls = here.write(
    'calls.jsonl',
    jsonl(
      cost({ team: 'search', feature: 'ask', env: 'prod', api_key: 'k1', workflow: 'checkout' }),
      cost({ team: 'search', feature: 'ask', env: 'prod', api_key: 'k1', workflow: 'checkout' }),
      cost({ team: 'Search', env: 'Production', api_key: 'say "hi"\n- x: y' }),
      cost({ team: 'growth', customer: 'acme' }),
    ),
  );
  const written = () => readFileSync(join(here.folder, 'aicost.yaml'), 'utf8');

  it('writes what the ledger shows, with the reason of each part, and says what to do next', async () => {
    await here.must('ingest', calls);
    const { code, out, err } = await here.aicost('init');
    expect([code, out, err]).toEqual([
      0,
      '',
      'wrote aicost.yaml\n\nNext:\n  aicost audit\n  aicost report --by team,feature\n  aicost audit --show inventory\n',
    ]);
    // Of four times 0.75: team on all, feature on two, env on three, customer on one, workflow on two.
    expect(written()).toContain(`tags:
  # What most of the spend carries already, so every call has to.
  # Of the spend carry: feature 50.0%, team 100.0%, customer 25.0%, env 75.0%, workflow 50.0%.
  required: [feature, team, env, workflow]
  # Values that look like one. Look through them: each line is a guess.
  virtual:
    - tag: env
      value: prod
      match:
        - Production # synonym, 1 call
    - tag: team
      value: search
      match:
        - Search # spelling, 1 call
`);
    expect(written()).toContain(
      '#   - api_key: k1   # 2 calls, $1.50\n#     set: {team: , feature: }',
    );
    expect(written()).toContain('#   - where: ["team=search"]   # 3 calls, $2.25\n#     owner:');
    expect(written()).toContain('  # allowed:\n  #   env: [prod]\n  #   team: [search, growth]\n');
  });

  it('is read back by every command, and changes what they answer', async () => {
    const { rows } = JSON.parse(await here.must('report', '--by', 'team', '--format', 'json'));
    expect(rows.map((row: Record<string, unknown>) => [row['team'], row['cost_usd']])).toEqual([
      ['search', '2.25'],
      ['growth', '0.75'],
      [null, '0'],
    ]);
    for (const line of [
      'audit',
      'trace r',
      'top',
      'export events',
      'bills list',
      'estimate',
      'doctor',
    ])
      expect((await here.aicost(...line.split(' '))).err).not.toContain('aicost.yaml:');
  });

  it('is read when its comments are taken away and filled in', async () => {
    const filled = written()
      .split('\n')
      .map((line) => line.replace(/^#   # .*$/, '').replace(/^# (keys:|owners:|  [- ] .*)/, '$1'))
      .join('\n')
      .replaceAll('set: {team: , feature: }', 'set: {team: search, feature: ask}')
      .replaceAll(/owner:$/gm, 'owner: ana@example.com');
    here.write('filled.yaml', filled);
    const { inventory } = JSON.parse(
      await here.must(
        'audit',
        '--config',
        'filled.yaml',
        '--show',
        'inventory',
        '--format',
        'json',
      ),
    );
    const keys = inventory.filter(({ kind }: { kind: string }) => kind === 'key');
    expect(keys.map((row: Record<string, unknown>) => row['owner'])).toEqual([
      'ana@example.com',
      'ana@example.com',
    ]);
  });

  it('replaces no file unless it is told to', async () => {
    writeFileSync(join(here.folder, 'aicost.yaml'), '# mine\n');
    const { code, err } = await here.aicost('init');
    expect([code, err]).toEqual([
      2,
      'aicost: aicost.yaml is there already\n--print shows what would be written, --force replaces the file.\n',
    ]);
    expect(written()).toBe('# mine\n');
    expect(await here.must('init', '--print')).toContain(
      'required: [feature, team, env, workflow]',
    );
    expect(written()).toBe('# mine\n');
    await here.must('init', '--force', '--quiet');
    expect(written()).toContain('version: 1');
  });

  it('begins with one workflow where one is named', async () => {
    const text = await here.must(
      'init',
      '--print',
      '--workflow',
      'checkout',
      '--timezone',
      'Asia/Kathmandu',
    );
    expect(text)
      .toContain(`  # Of the spend carry: feature 100.0%, team 100.0%, env 100.0%, workflow 100.0%.
  # One workflow to begin with; the others follow under required:.
  required_where:
    - where: ["workflow=checkout"]
      keys: [feature, team, env]
`);
    expect(text).toContain('timezone: Asia/Kathmandu\n');
    const { code, err } = await here.aicost('init', '--print', '--workflow', 'chekout');
    expect([code, err]).toEqual([
      2,
      'aicost: --workflow: no call has workflow "chekout"\nDid you mean checkout?\n',
    ]);
  });

  it('names the ledger that it was asked about', async () => {
    expect(await here.must('init', '--print', '--ledger', 'ledger.db')).toContain(
      '\nledger: ledger.db\n',
    );
    here.write('sub/readme', '');
    expect(
      await here.must('init', '--print', '--ledger', 'ledger.db', '--config', 'sub/aicost.yaml'),
    ).toContain('\nledger: "../ledger.db"\n');
  });

  it('gives a file to begin with where there is no ledger', async () => {
    const folder = freshFolder();
    const world = { cwd: folder, env: { HOME: folder } };
    const { code, err } = await runIn(world, ['init']);
    expect([code, err]).toEqual([
      0,
      'wrote aicost.yaml\n\nNext:\n  aicost ingest logs/\n  aicost report --by feature\n  aicost audit\n',
    ]);
    expect(readFileSync(join(folder, 'aicost.yaml'), 'utf8')).toContain(
      'required: [feature, team]',
    );
    expect((await runIn(world, ['report'])).err).not.toContain('aicost.yaml');
  });

  it('says where it cannot write', async () => {
    const { code, err } = await here.aicost('init', '--config', 'nowhere/aicost.yaml');
    expect([code, err]).toEqual([
      2,
      'aicost: cannot write nowhere/aicost.yaml\nName another place with --config, or print it with --print.\n',
    ]);
  });
});
