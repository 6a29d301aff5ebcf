import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import aicostJsonl from '../src/adapters/aicost-jsonl.ts';
import { run } from '../src/cli.ts';
import type { Runtime } from '../src/runtime.ts';

const ROOT = join(import.meta.dirname, '..');
const README = join(ROOT, 'README.md');
const text = readFileSync(README, 'utf8');

interface Block {
  readonly language: string;
  readonly name: string;
  readonly body: string;
}

/** The fenced blocks of the README in order; a second word after the fence names the file they show. */
const blocks = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', name = '', body = '']) => ({ language, name, body }),
  );

const home = mkdtempSync(join(tmpdir(), 'aicost-readme-'));
const cwd = join(home, 'work');
mkdirSync(cwd);
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function aicost(line: string): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const runtime: Runtime = {
    argv: line.split(' ').slice(1),
    env: { HOME: home, XDG_DATA_HOME: join(home, 'data') },
    cwd,
    columns: 80,
    terminal: { in: false, out: false, err: false },
    now: () => Date.parse('2026-11-21T12:00:00Z'),
    timeZone: 'UTC',
    out: (written) => void (out += written),
    flushed: async () => undefined,
    err: (written) => void (err += written),
    stdin: () => (async function* () {})(),
    http: () => Promise.reject(new Error('the README needs no network')),
    wait: async () => undefined,
    screen: () => {
      throw new Error('the README has no terminal');
    },
    onInterrupt: () => undefined,
  };
  return { code: await run(runtime), out, err };
}

/** A console block with what its commands print now. */
async function rerun(body: string): Promise<string> {
  const lines: string[] = [];
  for (const line of body.split('\n').filter((each) => each.startsWith('$ '))) {
    const { code, out, err } = await aicost(line.slice(2));
    expect({ line, code, err: code === 0 ? '' : err }).toEqual({ line, code: 0, err: '' });
    // Places of this machine are not part of what the README shows, nor what changes with any row of a card.
    const settled = out
      .replaceAll(`${cwd}/`, '')
      .replaceAll(/digest [0-9a-f]{16}/g, 'digest 0123456789abcdef');
    lines.push(line, settled.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

describe('README', () => {
  it('shows what its commands print', async () => {
    let updated = text;
    for (const { language, name, body } of blocks(text)) {
      if (name !== '' && name !== 'schema' && name !== 'aicost.yaml')
        writeFileSync(join(cwd, name), body);
      if (language === 'console') updated = updated.replace(body, await rerun(body));
    }
    const wanted = process.env['UPDATE_README'] === '1';
    if (wanted) writeFileSync(README, updated);
    expect(wanted ? readFileSync(README, 'utf8') : text).toBe(updated);
  });

  it('names the two lines that set everything up, and CI runs the second', () => {
    const [setUp] = blocks(text).filter(({ language }) => language === 'sh');
    expect(setUp?.body).toBe('npm ci && npx aicost demo\nnpm test\n');
    expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/^NO_COLOR=1 npm test /m);
  });

  it('has every command that --help lists', async () => {
    const { out } = await aicost('aicost --help');
    const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(names).toContain('report');
    expect(names.filter((name) => !text.includes(`aicost ${name}`))).toEqual([]);
  });

  it('gives a schema whose every field the adapter reads', () => {
    const schema = JSON.parse(blocks(text).find(({ name }) => name === 'schema')?.body ?? '');
    const call = {
      time: '2026-11-02T09:00:00Z',
      id: 'req-1',
      provider: 'anthropic',
      model: 'claude-sonnet-4-6',
      input_tokens: 1000,
      input_includes_cache: true,
      cache_read_tokens: 100,
      cache_write_tokens: 20,
      cache_write_5m_tokens: 30,
      cache_write_1h_tokens: 40,
      output_tokens: 70,
      reasoning_tokens: 10,
      service_tier: 'batch',
      status: 'timeout',
      latency_ms: 812,
      retry_count: 2,
      prompt_hash: '9f1c',
      temperature: 0,
      prefix_hashes: [3, 'a4'],
      prefix_block_tokens: 256,
      system_tokens: 300,
      retrieval_count: 10,
      retrieval_tokens: 4000,
      max_output_tokens: 800,
      tags: { feature: 'search' },
    };
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(call).sort());
    const [event] = aicostJsonl.normalize(call).events;
    expect(event).toMatchObject({
      id: 'req-1',
      time: Date.parse(call.time),
      serviceTier: 'batch',
      status: 'timeout',
      latencyMs: 812,
      retryCount: 2,
      tags: {
        feature: 'search',
        prompt_hash: '9f1c',
        temperature: '0',
        prefix_hashes: '3 a4',
        prefix_block_tokens: '256',
        system_tokens: '300',
        retrieval_count: '10',
        retrieval_tokens: '4000',
        max_output_tokens: '800',
      },
      // 1,000 less 100 read and 20 + 30 + 40 written.
      usage: {
        input: 810,
        cacheRead: 100,
        cacheWrite: { default: 20, '5m': 30, '1h': 40 },
        output: 70,
        reasoning: 10,
      },
    });
  });
});

describe('help', () => {
  const commands = [
    '',
    'demo',
    'init',
    'ingest',
    'report',
    'watch',
    'trace',
    'top',
    'explain',
    'allocate',
    'rates',
    'rates list',
    'rates show',
    'rates quote',
    'rates diff',
    'rates lint',
    'rates update',
    'rates schema',
    'bills',
    'bills list',
    'bills show',
    'audit',
    'gateway',
    'gateway export',
    'close',
    'estimate',
    'diff',
    'render',
    'comment',
    'whatif',
    'whatif downshift',
    'whatif reprice',
    'whatif batch',
    'whatif route',
    'whatif prefix-cache',
    'whatif exact-cache',
    'whatif trim',
    'whatif retrieval',
    'whatif max-tokens',
    'whatif rank',
    'whatif scenario',
    'whatif self-host',
    'whatif gpu',
    'whatif verify',
    'export',
    'export events',
    'doctor',
  ];

  it.each(commands)('of "%s" fits a screen and shows examples that run', async (command) => {
    const { code, out } = await aicost(`aicost ${command} --help`.replaceAll('  ', ' '));
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(out).toMatch(/\n {2}\$ .*aicost /);
  });
});
