import { describe, expect, it } from 'vitest';
import { deskWith, dollars } from '../support/tag-desk.ts';

describe('aicost audit --show virtual', () => {
  it('lists what each rule matches and what is left, and names rules that match nothing', async () => {
    const here = await deskWith(
      `tags:
  virtual:
    - {tag: env, value: prod, match: [Production, 'PRO*']}
    - {tag: env, value: prod, match: live, from: stack}
    - {tag: env, value: dev, match: laptop}
`,
      dollars('v1', 1, { env: 'Production' }),
      dollars('v2', 2, { env: 'PROD' }),
      dollars('v3', 4, { env: 'qa' }),
      dollars('v4', 8, { stack: 'live' }),
    );
    const answer = JSON.parse(
      await here.must('audit', '--show', 'virtual', '--format', 'json', '--keys', 'env'),
    );
    expect(
      answer.virtual.map((row: Readonly<Record<string, unknown>>) => [
        row['value'],
        row['from'],
        row['raw'],
        row['cost_usd'],
        row['rule'],
      ]),
    ).toEqual([
      ['prod', 'stack', 'live', '8', 'aicost.yaml:5'],
      ['qa', 'env', 'qa', '4', null],
      ['prod', 'env', 'PROD', '2', 'aicost.yaml:4'],
      ['prod', 'env', 'Production', '1', 'aicost.yaml:4'],
    ]);
    expect(await here.must('audit', '--keys', 'env')).toContain(
      'the virtual tag env=dev (aicost.yaml:6) matches no call of',
    );
  });
});
