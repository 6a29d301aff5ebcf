import type { UsageEvent } from '../../domain/usage.ts';
import { NO_USAGE } from '../../domain/usage.ts';
import { messageCallsByModel } from './anthropic-message.ts';
import { at, countAt, type Fields, fieldsOrJson, listAt, tagsFrom, textAt } from './fields.ts';
import { geminiCall, isGeminiBody, spelled } from './gemini-body.ts';

/** The calls behind what a model on Vertex AI answered; `requested` is the model that was called. Throws DecodeError. */
export function vertexCalls(
  response: Fields,
  requested: string | undefined,
): readonly UsageEvent[] {
  if (at(response, 'type') === 'message') return messageCallsByModel(response);
  if (isGeminiBody(response)) return [geminiCall(response, requested)];
  const input = embeddedTokens(response);
  return [
    {
      ...emptyCall(requested),
      operation: input === undefined ? 'generate_content' : 'embeddings',
      countSource: input === undefined ? 'missing' : 'reported',
      usage: { ...NO_USAGE, input: input ?? 0 },
    },
  ];
}

/** The call behind an error: known to have been made, and not billed. */
export const failedVertexCall = (
  requested: string | undefined,
  errorCode: string | undefined,
): UsageEvent => ({
  ...emptyCall(requested),
  status: 'failure',
  errorCode,
  billable: false,
});

const emptyCall = (requested: string | undefined): UsageEvent => ({
  id: undefined,
  time: undefined,
  provider: 'vertex',
  model: requested ?? 'unknown',
  operation: 'generate_content',
  status: 'success',
  billable: true,
  countSource: 'reported',
  requests: 1,
  usage: NO_USAGE,
  tags: {},
});

/** Text embeddings by `predict` count the tokens of each text. */
function embeddedTokens(response: Fields): number | undefined {
  const counts = listAt(response, 'predictions').map((prediction) => {
    const statistics = at(prediction, 'embeddings', 'statistics');
    return countAt(statistics, spelled(statistics, 'tokenCount'));
  });
  return counts.some((count) => count !== undefined)
    ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    : undefined;
}

/** What a request says of its call: `projects/p/locations/l/publishers/google/models/m` and its labels. */
export function vertexRequest(written: unknown): {
  readonly model: string | undefined;
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
} {
  const request = fieldsOrJson(written);
  const path = textAt(request, 'model') ?? '';
  return {
    model: modelOfPath(path),
    region: /(?:^|\/)locations\/([^/]+)/.exec(path)?.[1],
    tags: tagsFrom(fieldsOrJson(at(request, 'labels'))),
  };
}

/** The model of a resource path; `undefined` for an empty one. */
export const modelOfPath = (path: string | undefined): string | undefined =>
  path === undefined || path === ''
    ? undefined
    : path.replace(/^.*\//, '').replace(/@default$/, '');
