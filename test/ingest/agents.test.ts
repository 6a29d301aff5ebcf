import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentFolders } from '../../src/ingest/agent-folders.ts';
import { desk, jsonl, placeless } from '../support/fake-runtime.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
const fixture = (path: string): string => readFileSync(join(FIXTURES, path), 'utf8');

interface Line {
  readonly session: string;
  readonly message: string;
  readonly request?: string;
  readonly output?: number;
  readonly sidechain?: boolean;
  readonly time?: string;
}

/** A Claude Code line of an answer. */
const answer = ({ session, message, request, output = 100, sidechain = false, time }: Line) => ({
  type: 'assistant',
  uuid: `u-${session}-${message}-${output}`,
  sessionId: session,
  timestamp: time ?? '2026-11-19T08:00:00.000Z',
  isSidechain: sidechain,
  ...(request === undefined ? {} : { requestId: request }),
  message: {
    id: message,
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    usage: { input_tokens: 10, output_tokens: output, cache_read_input_tokens: 1000 },
  },
});

/** A subagent's answer as its parent's log nests it. */
const progress = (line: Line) => {
  const { message, timestamp, requestId, isSidechain } = {
    requestId: undefined,
    ...answer({ ...line, sidechain: true }),
  };
  return {
    type: 'progress',
    uuid: `p-${line.message}`,
    sessionId: line.session,
    timestamp,
    data: {
      type: 'agent_progress',
      message: { type: 'assistant', timestamp, requestId, isSidechain, message },
    },
  };
};

const first = [
  answer({ session: 's1', message: 'msg_1', request: 'req_1', output: 1 }),
  answer({ session: 's1', message: 'msg_1', request: 'req_1', output: 400 }),
  answer({ session: 's1', message: 'msg_2', request: 'req_2' }),
  answer({ session: 's1', message: 'msg_3' }),
  progress({ session: 's1', message: 'msg_4', request: 'req_4' }),
];
// A resume copies the history under a new session, later; what follows is new.
const resumed = [
  ...first.map((line) => ({ ...line, sessionId: 's2', timestamp: '2026-11-20T08:00:00.000Z' })),
  answer({ session: 's2', message: 'msg_5', request: 'req_5' }),
];
const subagent = [
  answer({ session: 's1', message: 'msg_4', request: 'req_4', sidechain: true }),
  answer({ session: 's1', message: 'msg_6', request: 'req_6', sidechain: true }),
  // A replay of the parent's message under a request id of its own.
  answer({ session: 's1', message: 'msg_2', request: 'req_9', sidechain: true }),
];
const files = [
  ['projects/shop/s1.jsonl', first],
  ['projects/shop/s2.jsonl', resumed],
  ['projects/shop/s1/subagents/agent-1.jsonl', subagent],
] as const;

describe('Claude Code', () => {
  const orders = [files, files.toReversed(), [files[1], files[2], files[0]]] as const;
  const read = async (order: (typeof orders)[number]) => {
    const { must, write, events } = desk();
    for (const [name, lines] of order) await must('ingest', write(name, jsonl(...lines)));
    await must('doctor');
    return events();
  };

  it('counts a resumed copy and a subagent once', async () => {
    const events = await read(orders[0]);
    expect(events.map(({ id }) => id).sort()).toEqual([
      'msg_1:req_1',
      'msg_2:req_2',
      'msg_3',
      'msg_4:req_4',
      'msg_5:req_5',
      'msg_6:req_6',
    ]);
    expect(events.find(({ id }) => id === 'msg_1:req_1')).toMatchObject({
      time: '2026-11-19T08:00:00.000Z',
      usage: { input: 10, cache_read: 1000, output: 400 },
      tags: { session: 's1' },
    });
  });

  it.each(orders.slice(1))('counts the same whatever file comes first: %j', async (...order) => {
    expect(placeless(await read(order))).toEqual(placeless(await read(orders[0])));
  });

  it('tells how many records joined an event of another file', async () => {
    const { ingest, write } = desk();
    const [[one, lines], [two, copied]] = files;
    expect(await ingest(write(one, jsonl(...lines)))).toMatchObject({ new: 4, joined: 0 });
    expect(await ingest(write(two, jsonl(...copied)))).toMatchObject({ new: 1, joined: 5 });
  });
});

describe('Codex', () => {
  const names = ['rollout-parent.jsonl', 'rollout-fork.jsonl', 'archived.jsonl'] as const;
  const parent = '019a9f00-aaaa-7000-8000-000000000001';
  // The fork of the fixtures, of the session in the fixture beside it.
  const fork = fixture('codex-rollout/fork.jsonl').replaceAll(
    '01a00000-0000-7000-8000-000000000001',
    parent,
  );
  const slow = fork
    .replaceAll('T09:10:00.03', 'T09:10:07.03')
    .replaceAll('09:10:00.04', '09:10:09.04');
  const text = fixture('codex-rollout/basic.jsonl');

  it.each([
    ['at once', names, fork],
    ['at once, the fork first', names.toReversed(), fork],
    ['slowly', names, slow],
    ['slowly, the fork first', names.toReversed(), slow],
  ])('counts the history that a fork copied %s once', async (_, order, forked) => {
    const { must, write, events } = desk();
    const content = {
      'rollout-fork.jsonl': forked,
      'rollout-parent.jsonl': text,
      'archived.jsonl': text,
    };
    for (const name of order) await must('ingest', write(name, content[name]));
    await must('doctor');
    const kept = await events();
    expect(kept.map(({ id, time, tags }) => [id, time, tags['session']])).toEqual([
      [`${parent}:12600`, '2026-11-19T10:00:20.000Z', parent],
      [`${parent}:31500`, '2026-11-19T10:01:00.000Z', parent],
      [`${parent}:35700`, '2026-11-19T10:02:30.000Z', parent],
      [
        '01a00000-0000-7000-8000-000000000002:52500',
        '2026-11-20T09:10:30.000Z',
        '01a00000-0000-7000-8000-000000000002',
      ],
    ]);
  });

  it('goes on with a session that grew', async () => {
    const { ingest, write, events } = desk();
    const lines = text.split('\n');
    await ingest(write('a.jsonl', `${lines.slice(0, 5).join('\n')}\n`));
    await ingest(write('a.jsonl', text));
    expect((await events()).map(({ model }) => model)).toEqual([
      'gpt-5.1-codex',
      'gpt-5.1-codex',
      'gpt-5.1-codex-mini',
    ]);
  });
});

describe('Gemini CLI', () => {
  it('counts a session once that is there as lines and as a document', async () => {
    const { ingest, write } = desk();
    const lines = fixture('gemini-cli/basic.jsonl');
    const [head, ...messages] = lines.trim().split('\n');
    const document = `${head?.slice(0, -1)},"messages":[${messages.join(',')}]}`;
    expect(await ingest(write('session-1.jsonl', lines))).toMatchObject({ new: 2 });
    const again = await ingest(write('session-1.json', document));
    expect(again).toMatchObject({ new: 0, completed: 0, joined: 2 });
  });
});

describe('aicost ingest --agents', () => {
  const usual = [
    ['Claude Code', '.claude/projects/shop/a.jsonl', 'claude-code'],
    ['Codex', '.codex/sessions/2026/11/19/rollout-a.jsonl', 'codex-rollout'],
    ['Gemini CLI', '.gemini/tmp/9f2c/chats/session-a.jsonl', 'gemini-cli'],
    ['opencode', '.local/share/opencode/storage/message/a.jsonl', 'opencode-messages'],
  ] as const;
  const lay = (folder: string, path: string, format: string): void => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(FIXTURES, format, 'basic.jsonl'), target);
  };

  it('reads the usual folders that are there and says which', async () => {
    const { aicost, folder, events } = desk();
    for (const [, path, format] of usual) lay(folder, path, format);
    const { code, out, err } = await aicost('ingest', '--agents');
    expect(code).toBe(0);
    // Notes are wrapped where a path is long.
    const said = (out + err).replaceAll(/\s+/g, ' ');
    for (const [agent] of usual) expect(said).toContain(`found ${agent}: `);
    expect(new Set((await events()).map(({ source }) => source.format)).size).toBe(4);
  });

  it('says nothing of a folder that is not there', async () => {
    const { aicost, folder } = desk();
    lay(folder, '.codex/archived_sessions/a.jsonl', 'codex-rollout');
    const { code, out, err } = await aicost('ingest', '--agents');
    expect(code).toBe(0);
    expect(out + err).not.toContain('Claude');
  });

  it('ends with 2 and where it looked when there is none', async () => {
    const { code, err } = await desk().aicost('ingest', '--agents');
    expect(code).toBe(2);
    expect(err).toMatch(/no logs of coding agents found[^]*\.claude\/projects/);
  });

  it('follows the variables of each agent', () => {
    const env = {
      HOME: '/home/dev',
      CLAUDE_CONFIG_DIR: '/a, /b',
      CODEX_HOME: '/c',
      XDG_DATA_HOME: '/d',
    };
    expect(agentFolders(env, '/').map(({ path }) => path)).toEqual([
      '/a/projects',
      '/b/projects',
      '/c/sessions',
      '/c/archived_sessions',
      '/home/dev/.gemini/tmp',
      '/d/opencode/storage/message',
    ]);
  });

  it('takes USERPROFILE where there is no HOME', () =>
    expect(agentFolders({ USERPROFILE: '/users/dev' }, '/')[1]?.path).toBe(
      '/users/dev/.claude/projects',
    ));
});
