import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCallFact } from '../../src/domain/call-facts.ts';
import type { Adapter } from '../../src/adapters/contract/adapter.ts';
import langfuseBlob from '../../src/adapters/langfuse-blob-observations.ts';
import langfuseUi from '../../src/adapters/langfuse-ui-observations.ts';
import langsmith from '../../src/adapters/langsmith-runs.ts';
import litellmLogs from '../../src/adapters/litellm-spend-logs.ts';
import litellmPayloads from '../../src/adapters/litellm-standard-logging.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');

/** The facts that an adapter finds in the first call of its fixture with some fields changed. */
function factsOf(adapter: Adapter, fields: object): Readonly<Record<string, string>> {
  const lines = readFileSync(join(FIXTURES, adapter.id, 'basic.jsonl'), 'utf8').split('\n');
  const [event] = lines
    .filter((line) => line !== '')
    .flatMap((line) => adapter.normalize({ ...JSON.parse(line), ...fields }).events);
  const tags = Object.entries(event?.tags ?? {});
  return Object.fromEntries(tags.filter(([key]) => isCallFact(key)));
}

const PARAMETERS = { temperature: 0, max_tokens: 500, tool_choice: 'auto' };
const FACTS = { temperature: '0', max_output_tokens: '500' };

describe('facts of a call', () => {
  it.each([
    [litellmPayloads, { model_parameters: PARAMETERS }],
    [litellmLogs, { model_parameters: JSON.stringify(PARAMETERS) }],
    [langfuseBlob, { model_parameters: JSON.stringify(PARAMETERS) }],
    [langfuseUi, { modelParameters: PARAMETERS }],
    [
      langsmith,
      { extra: { metadata: { ls_model_name: 'gpt-4o' }, invocation_params: PARAMETERS } },
    ],
  ])('come from the parameters of the request that $0.id keeps', (id, fields) => {
    expect(factsOf(id, fields)).toEqual(FACTS);
  });

  it('take the key of the cache of LiteLLM for a hash of the prompt, unless it is off', () => {
    const found = factsOf(litellmLogs, { cache_key: '6a5b' });
    expect(found).toEqual({ prompt_hash: '6a5b' });
    expect(factsOf(litellmLogs, { cache_key: 'Cache OFF' })).toEqual({});
  });

  it('are not labels where the caller of a gateway set them', () => {
    const metadata = { prompt_hash: 'p', prefix_hashes: ['a', 'b'], shade: 'blue' };
    expect(factsOf(langfuseBlob, { metadata })).toEqual({
      prompt_hash: 'p',
      prefix_hashes: 'a b',
    });
  });

  it('are none where parameters are no object', () => {
    for (const parameters of [null, 'temperature', [0], '{"temperature":{}}'])
      expect(factsOf(litellmPayloads, { model_parameters: parameters })).toEqual({});
  });
});
