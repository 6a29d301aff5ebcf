import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, desk, type Desk, jsonl } from '../support/fake-runtime.ts';

/** Everything that is on disk of a ledger. */
const ledgerBytes = ({ folder }: Desk): string =>
  readdirSync(folder)
    .filter((name) => name.startsWith('ledger.db'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');

describe('what is no usage log', () => {
  it('in a folder it is named and the rest is read', async () => {
    const { aicost, write, folder } = desk();
    write('logs/notes.txt', 'hello\n');
    write('logs/package.json', '{"name": "x"}');
    write('logs/deep/er/a.jsonl', jsonl(call()));
    write('logs/node_modules/b.jsonl', jsonl(call({ id: 'never' })));
    const { code, out } = await aicost('ingest', join(folder, 'logs'), '--format', 'json');
    expect(code).toBe(0);
    const { new: added, notes } = JSON.parse(out);
    expect(added).toBe(1);
    expect(notes[0].message).toMatch(/^no known format in logs\/notes.txt, logs\/package.json/);
  });

  it.each([
    ['a text', 'notes.txt', Buffer.from('hello\n'), /no known usage format/],
    [
      'a picture',
      'a.json',
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
      /no known usage format/,
    ],
    ['UTF-16', 'a.jsonl', Buffer.from('\uFEFF{"a":1}', 'utf16le'), /UTF-16.*iconv/s],
    ['Parquet', 'a.parquet', Buffer.from('PAR1....'), /Parquet/],
    ['a damaged .zst', 'a.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), /no known usage format/],
  ])('%s that the user names ends with 2 and what to do', async (_, name, content, message) => {
    const { aicost, write } = desk();
    const { code, err, out } = await aicost('ingest', write(name, content));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it.each([
    ['a file that is not there', ['nothing.jsonl'], /no such file or folder/],
    ['a pattern that matches nothing', ['*.nothing'], /no file matches this pattern/],
    ['no path', [], /nothing to read/],
    ['an adapter that is not there', ['--adapter', 'opennai', 'a.jsonl'], /no adapter "opennai"/],
    ['a tag without a value', ['--tag', 'team', 'a.jsonl'], /--tag: expected key=value/],
    ['a time that is none', ['--time', 'soon', 'a.jsonl'], /--time: expected a day or a time/],
    ['a mapping that is not there', ['--map', 'no.yaml', 'a.jsonl'], /cannot read mapping/],
    ['a rejects file nowhere', ['--rejects', 'no/where.txt', 'a.jsonl'], /--rejects: cannot write/],
  ])('%s ends with 2', async (_, argv, message) => {
    const { aicost, write } = desk();
    write('a.jsonl', jsonl(call()));
    const { code, err } = await aicost('ingest', ...argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/bug in aicost/);
  });
});

describe('what is added to each call', () => {
  it('--tag fills what a record lacks, under the usual name', async () => {
    const { events, must, write } = desk();
    const log = write('a.jsonl', jsonl(call({ tags: { team: 'own' } }), call({ id: 'z' })));
    await must('ingest', '--tag', 'team=given', '--tag', 'environment=prod', log);
    expect((await events()).map(({ tags }) => tags)).toEqual([
      { env: 'prod', team: 'own' },
      { env: 'prod', team: 'given' },
    ]);
  });

  it('--time dates only records without a time, --provider names who was called', async () => {
    const { events, must, write } = desk();
    const undated = { ...call({ id: 'u' }), time: null, usage: { input: 1 } };
    const log = write('a.jsonl', jsonl(call({ id: 'd' }), undated));
    await must('ingest', '--time', '2026-10-01', '--provider', 'Azure', log);
    expect((await events()).map(({ id, time, provider }) => [id, time, provider])).toEqual([
      ['u', '2026-10-01T00:00:00.000Z', 'azure'],
      ['d', '2026-11-02T09:00:00.000Z', 'azure'],
    ]);
  });

  it('--adapter reads as it says, and rejects what does not fit', async () => {
    const { ingest, write, folder } = desk();
    const rejects = join(folder, 'rejects.txt');
    const log = write('a.jsonl', jsonl(call(), { time: 'x', model: 'm', input_tokens: 1 }));
    const facts = await ingest('--adapter', 'aicost-jsonl', '--rejects', rejects, log);
    expect(facts).toMatchObject({ new: 1, rejected: 1 });
    expect(readFileSync(rejects, 'utf8')).toBe(
      'a.jsonl:2: time: expected a time like 2026-11-01T09:00:00Z, found "x"\n',
    );
    expect(statSync(rejects).mode & 0o777).toBe(0o600);
  });

  it('rejected records are counted by reason, with one line each in the rejects file', async () => {
    const { ingest, write, folder } = desk();
    const rejects = join(folder, 'rejects.txt');
    const bad = [
      call({ input_tokens: -1 }),
      call({ input_tokens: 1.5 }),
      call({ reasoning_tokens: 101 }),
      call({ status: 'fine' }),
      call({ requests: 0 }),
    ];
    const log = write('a.jsonl', jsonl(call(), ...bad));
    expect(await ingest('--rejects', rejects, log)).toMatchObject({ new: 1, rejected: 5 });
    const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(
      [2, 3, 4, 5, 6].map((n) => `a.jsonl:${n}:`),
    );
  });
});

describe('what must not be kept', () => {
  const key = 'sk-proj-Zq8vT3nX0aB1cD2eF3gH4iJ5kL6';
  const secret = 'the patient in room four';

  it('keys in tags become one hash, in ledger, export and reports', async () => {
    const here = desk();
    const log = here.write(
      'a.jsonl',
      jsonl(
        call({ id: 'a', tags: { api_key: key } }),
        call({ id: 'b', tags: { api_key: key, note: `Bearer ${key}`, user: key, run: key } }),
        call({ id: 'c', status: 'failure', error_code: `bad key ${key}` }),
      ),
    );
    const summary = await here.must('ingest', '--tag', `owner=${key}`, log);
    const printed = [
      summary,
      await here.must('export', 'events'),
      await here.must('report', '--by', 'api_key,run,owner'),
      await here.must('explain', 'c'),
    ].join('\n');
    expect(printed).not.toContain(key.slice(0, 12));
    expect(ledgerBytes(here)).not.toContain(key.slice(0, 12));
    const [a, b] = await here.events();
    expect(a?.tags['api_key']).toMatch(/^hash:[0-9a-f]{12}$/);
    expect(b?.tags['api_key']).toBe(a?.tags['api_key']);
  });

  it('prompts and completions never reach the ledger', async () => {
    const here = desk();
    const messages = [{ role: 'user', content: secret }];
    const log = here.write(
      'a.jsonl',
      jsonl(
        call({ messages, prompt: secret, response: { text: secret } }),
        {
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 1793610000,
          model: 'gpt-4o-mini',
          choices: [{ index: 0, message: { role: 'assistant', content: secret } }],
          usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        },
        { note: secret },
      ),
    );
    expect((await here.ingest(log)).new).toBe(2);
    expect(ledgerBytes(here)).not.toContain(secret);
  });

  it('ledger and rejects are readable for their owner only', async () => {
    const here = desk();
    await here.must('ingest', here.write('a.jsonl', jsonl(call())));
    expect(statSync(here.ledger).mode & 0o777).toBe(0o600);
  });
});
