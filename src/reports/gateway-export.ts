import type { GatewayTags } from '../domain/gateway-tags.ts';
import { yamlComment, yamlText } from '../domain/yaml-text.ts';

/** Gateways whose own form of these rules is documented. */
export type Gateway = 'litellm' | 'portkey';

/** What a gateway is asked to do. */
export interface GatewayWishes {
  /** Tags that it puts on the calls of its keys; absent where none are wanted. */
  readonly inject?: GatewayTags;
  /** Tags without which it refuses a call, or a key; empty for none. */
  readonly require: readonly string[];
}

/** The text that a person puts into a gateway. aicost itself enforces none of it, and the text says so. */
export const gatewayExport = (gateway: Gateway, wishes: GatewayWishes): string =>
  gateway === 'litellm' ? litellm(wishes) : portkey(wishes);

/**
 * LiteLLM: tags in the metadata of a key are inherited by its calls
 * (https://docs.litellm.ai/docs/proxy/reject_clientside_metadata_tags), `enforced_params` refuses calls without a
 * parameter (https://docs.litellm.ai/docs/proxy/enterprise#enforce-required-params-for-llm-requests), both read
 * 2026-11-22.
 */
function litellm({ inject, require }: GatewayWishes): string {
  const lines = ['# Not enforced by aicost: LiteLLM does what is put into it.'];
  if (require.length > 0)
    lines.push(
      '# For config.yaml of the proxy (an enterprise feature): a call is refused unless its',
      '# metadata says these.',
      'general_settings:',
      '  enforced_params:',
      ...require.map((tag) => `    - ${yamlText(`metadata.${tag}`)}`),
    );
  if (inject !== undefined)
    lines.push(
      '# For POST /key/update, one body a key: add "key", the key itself or its hash. It',
      '# replaces the metadata that the key has.',
      inject.keys.length === 0 ? 'keys: []' : 'keys:',
      ...inject.keys.flatMap(({ key, tags }) => [
        `  - key_alias: ${yamlText(key)}`,
        '    metadata:',
        '      tags:',
        ...[...tags].map(([tag, value]) => `        - ${yamlText(`${tag}:${value}`)}`),
      ]),
      ...leftOut(inject),
    );
  return `${lines.join('\n')}\n`;
}

const leftOut = ({ left }: GatewayTags): readonly string[] =>
  left.map((rule) => `# Left to reports, since no single key is meant: ${yamlComment(rule)}`);

/**
 * Portkey: `defaults.metadata` of an API key goes to its calls
 * (https://portkey.ai/docs/api-reference/admin-api/control-plane/api-keys/create-api-key), and the organisation's
 * API key metadata schema, JSON Schema draft-07 of texts with other properties allowed, refuses new keys without
 * it (https://portkey.ai/docs/product/administration/enforcing-request-metadata), both read 2026-11-22.
 */
function portkey({ inject, require }: GatewayWishes): string {
  const body = {
    note: 'Not enforced by aicost: Portkey does what is put into it.',
    ...(require.length === 0
      ? {}
      : {
          api_key_metadata_schema: {
            type: 'object',
            properties: Object.fromEntries(require.map((tag) => [tag, { type: 'string' }])),
            required: require,
            additionalProperties: true,
          },
        }),
    ...(inject === undefined
      ? {}
      : {
          api_keys: inject.keys.map(({ key, tags }) => ({
            name: key,
            defaults: { metadata: Object.fromEntries(tags) },
          })),
          left_to_reports: inject.left,
        }),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
