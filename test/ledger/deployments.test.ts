import { beforeEach, describe, expect, it } from 'vitest';
import { call, desk, type Desk, jsonl } from '../support/fake-runtime.ts';

const PROFILE = 'application-inference-profile/x7k2abc';
const CALLS = jsonl(
  call({
    id: 'a1',
    provider: 'azure',
    model: 'chat-prod',
    input_tokens: 1_000_000,
    output_tokens: 0,
  }),
  call({
    id: 'a2',
    provider: 'azure',
    model: 'team-search',
    input_tokens: 1_000_000,
    output_tokens: 0,
  }),
  call({
    id: 'b1',
    provider: 'bedrock',
    model: PROFILE,
    input_tokens: 1_000_000,
    output_tokens: 0,
  }),
  call({
    id: 'o1',
    provider: 'openai',
    model: 'gpt-4o',
    input_tokens: 1_000_000,
    output_tokens: 0,
  }),
);

let here: Desk;
const settings = (...lines: readonly string[]): string =>
  here.write('aicost.yaml', ['deployments:', ...lines, ''].join('\n'));
const report = async (): Promise<{ cost: string; digest: string; err: string }> => {
  const { out, err } = await here.aicost('report', '--format', 'json');
  const { totals, rate_card } = JSON.parse(out);
  return { cost: totals.cost_usd, digest: rate_card.digest, err };
};

beforeEach(async () => {
  here = desk();
  await here.must('ingest', here.write('a.jsonl', CALLS));
});

describe('a name of the account that aicost.yaml explains', () => {
  it('gets the price of its model at the next command, and nothing else is rated again', async () => {
    // OpenAI's gpt-4o alone: 2.50 for a million.
    const before = await report();
    expect(before).toMatchObject({ cost: '2.5', err: '' });

    settings('  azure: {chat-prod: gpt-4o}');
    const one = await report();
    expect(one.cost).toBe('5');
    expect(one.err).toBe('rate cards changed: 1 event of 1 sku re-rated\n');
    expect(one.digest).not.toBe(before.digest);

    // gpt-4o-mini costs 0.15 and chat-prod stays as it is.
    settings('  azure: {chat-prod: gpt-4o, "team-*": gpt-4o-mini}');
    expect(await report()).toMatchObject({
      cost: '5.15',
      err: 'rate cards changed: 1 event of 1 sku re-rated\n',
    });

    // Claude Haiku 4.5 through its global profile costs 1.00.
    settings(
      '  azure: {chat-prod: gpt-4o, "team-*": gpt-4o-mini}',
      `  aws.bedrock: {'arn:aws:bedrock:us-east-1:111122223333:${PROFILE}': global.anthropic.claude-haiku-4-5-20251001-v1:0}`,
    );
    expect(await report()).toMatchObject({
      cost: '6.15',
      err: 'rate cards changed: 1 event of 1 sku re-rated\n',
    });
    expect((await report()).err).toBe('');
    await here.must('doctor');
  });

  it('loses it again with the line', async () => {
    const before = await here.must('export', 'events');
    settings('  azure: {chat-prod: gpt-4o}');
    await report();
    here.write('aicost.yaml', '');
    expect(await here.must('export', 'events')).toBe(before);
  });

  it('has it in rates quote too', async () => {
    settings('  azure: {chat-prod: gpt-4o}');
    const call = 'rates quote chat-prod --provider azure --input 1000000 --format json';
    const quote = await here.must(...call.split(' '));
    expect(JSON.parse(quote)).toMatchObject({ cost_usd: '2.5' });
  });

  it('is told to be explained there until then', async () => {
    const { out } = await here.aicost('report', '--format', 'json');
    const notes = JSON.parse(out).notes.map(({ message }: { message: string }) => message);
    expect(notes).toContain(
      `1 request: bedrock has no price for model "${PROFILE}": the name of an application inference profile does not tell its model; name it under deployments: in aicost.yaml`,
    );
  });
});
