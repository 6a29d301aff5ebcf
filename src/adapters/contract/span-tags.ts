import { isCallFact } from '../../domain/call-facts.ts';
import { isKnownTag } from '../../domain/tags.ts';
import { customTags, type CustomTags } from './custom-tags.ts';
import { type Fields, fieldsOrJson, listOrJson, presentTags, tagsFrom, textAt } from './fields.ts';
import type { Span } from './otlp-spans.ts';

// Before the keys that the code set itself, by OpenLLMetry and the AI SDK.
const CUSTOM = ['traceloop.association.properties.', 'ai.telemetry.metadata.'];

/**
 * Tags and labels of a span: structured attributes, above them what the code set itself, first on the
 * resource, then on the span, then as OpenInference's tags and metadata.
 */
export function spanTags({ traceId, attributes, resource }: Span): CustomTags {
  const { tags, labels } = customTags(
    listOrJson(attributes['tag.tags']),
    fieldsOrJson(attributes['metadata']),
  );
  const first = (...keys: readonly string[]) =>
    keys.map((key) => textAt(attributes, key)).find((found) => found !== undefined);
  return {
    tags: {
      ...presentTags({
        env:
          textAt(resource, 'deployment.environment.name') ??
          textAt(resource, 'deployment.environment'),
        run: traceId === '' ? undefined : traceId,
        session: first('gen_ai.conversation.id', 'session.id'),
        user: first('user.id', 'gen_ai.user', 'llm.user', 'enduser.id'),
        agent: first('gen_ai.agent.name'),
        workflow: first(
          'gen_ai.workflow.name',
          'traceloop.workflow.name',
          'ai.telemetry.functionId',
        ),
      }),
      ...presentTags({
        temperature: textAt(attributes, 'gen_ai.request.temperature'),
        max_output_tokens: textAt(attributes, 'gen_ai.request.max_tokens'),
      }),
      ...knownTags(resource),
      ...knownTags(attributes),
      ...tags,
    },
    labels: [...serviceLabel(resource), ...customLabels(attributes), ...labels],
  };
}

const isCustom = (key: string): boolean => CUSTOM.some((prefix) => key.startsWith(prefix));

const withoutPrefix = (key: string): string =>
  key.slice(CUSTOM.find((prefix) => key.startsWith(prefix))?.length ?? 0);

const knownTags = (attributes: Fields): Record<string, string> =>
  tagsFrom(
    Object.fromEntries(
      Object.entries(attributes)
        .map(([key, value]) => [withoutPrefix(key), value] as const)
        .filter(([key]) => isKnownTag(key) || isCallFact(key)),
    ),
  );

function serviceLabel(resource: Fields): readonly string[] {
  const service = textAt(resource, 'service.name');
  return service === undefined ? [] : [`service=${service}`];
}

const customLabels = (attributes: Fields): readonly string[] =>
  Object.keys(attributes)
    .filter(
      (key) => isCustom(key) && !isKnownTag(withoutPrefix(key)) && !isCallFact(withoutPrefix(key)),
    )
    .map((key) => `${withoutPrefix(key)}=${textAt(attributes, key) ?? ''}`);
