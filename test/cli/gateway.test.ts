import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { desk } from '../support/fake-runtime.ts';

const here = desk();
here.write(
  'aicost.yaml',
  `keys:
  - api_key: checkout-prod
    set: {team: checkout, feature: cart}
    until: 2026-11-01
  - api_key: checkout-prod
    set: {team: payments, feature: "yes: no"}
    since: 2026-11-01
  - api_key: "batch-*"
    set: {team: data}
  - where: ["api_key=search", "region=eu"]
    set: {team: search}
`,
);

describe('aicost gateway export', () => {
  it('writes what a key is for today as tags of a LiteLLM key, and names what it leaves out', async () => {
    const text = await here.must('gateway', 'export', 'litellm', '--inject-tags');
    expect(text.split('\n')[0]).toBe('# Not enforced by aicost: LiteLLM does what is put into it.');
    expect(parse(text)).toEqual({
      keys: [
        { key_alias: 'checkout-prod', metadata: { tags: ['team:payments', 'feature:yes: no'] } },
      ],
    });
    expect(text).toContain('meant: api_key=batch-*\n');
    expect(text).toContain('meant: api_key=search, region=eu\n');
  });

  it('writes the parameters without which LiteLLM refuses a call', async () => {
    const text = await here.must('gateway', 'export', 'litellm', '--require', 'team,feature_id');
    expect(parse(text)).toEqual({
      general_settings: { enforced_params: ['metadata.team', 'metadata.feature'] },
    });
  });

  it('writes metadata of keys, and the schema that keys have to fit, for Portkey', async () => {
    const text = await here.must(
      'gateway',
      'export',
      'portkey',
      '--inject-tags',
      '--require',
      'team',
    );
    expect(JSON.parse(text)).toEqual({
      note: 'Not enforced by aicost: Portkey does what is put into it.',
      api_key_metadata_schema: {
        type: 'object',
        properties: { team: { type: 'string' } },
        required: ['team'],
        additionalProperties: true,
      },
      api_keys: [
        { name: 'checkout-prod', defaults: { metadata: { team: 'payments', feature: 'yes: no' } } },
      ],
      left_to_reports: ['api_key=batch-*', 'api_key=search, region=eu'],
    });
  });

  it.each([
    [['litellm'], 'aicost: nothing to export\n'],
    [['envoy', '--inject-tags'], 'expected litellm or portkey.'],
    [
      ['litellm', '--inject-tags', '--config', 'none.yaml'],
      'aicost.yaml has no keys:, so there is nothing to inject',
    ],
  ])('refuses %j', async (argv, message) => {
    here.write('none.yaml', 'version: 1\n');
    const { code, err } = await here.aicost('gateway', 'export', ...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
