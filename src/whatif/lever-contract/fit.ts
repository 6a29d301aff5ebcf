import type { Fraction } from '../../domain/fraction.ts';
import { type ContentKind, factAt } from '../../domain/model-facts.ts';
import type { ModelCard } from '../../domain/rate-card.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import type { Part } from '../../domain/usage.ts';
import { grouped } from '../../domain/words.ts';
import type { Reason } from './lever.ts';
import { priceTime, type TargetModel, tokensThere, WHOLE_REQUEST } from './target-model.ts';

/** Why requests cannot run on a model, or what would have to be known to say so. */
export interface Fit {
  readonly obstacle?: Reason;
  readonly doubts: readonly Reason[];
}

const KIND_OF_PART: Readonly<Record<Part, readonly ['input' | 'output', ContentKind]>> = {
  audio_input: ['input', 'audio'],
  audio_cache_read: ['input', 'audio'],
  audio_output: ['output', 'audio'],
  image_input: ['input', 'image'],
  image_cache_read: ['input', 'image'],
  image_output: ['output', 'image'],
  video_input: ['input', 'video'],
  video_cache_read: ['input', 'video'],
  video_output: ['output', 'video'],
};

/**
 * Whether a class of requests fits a model: its kind, what it takes and makes, its context window and output
 * limit at the middle estimate of tokens. A fact that no card gives is a doubt, never an obstacle.
 */
export function fitOf(
  requests: RequestClass,
  {
    target,
    entry,
    ratio,
    from,
  }: {
    readonly target: TargetModel;
    readonly entry: ModelCard;
    readonly ratio: Fraction;
    /** The entry of the model that the requests ran on; `undefined` where no card has it. */
    readonly from: ModelCard | undefined;
  },
): Fit {
  const name = `${target.provider}/${entry.id}`;
  const doubts: Reason[] = [];
  if (from !== undefined && from.kind !== entry.kind)
    return obstacle('model-kind', `${name} is for ${entry.kind}, they are ${from.kind} requests`);
  for (const part of requests.usage.parts.keys()) {
    const [direction, kind] = KIND_OF_PART[part];
    const known = entry.modalities[direction];
    if (known.length === 0)
      doubts.push({
        code: 'modality-unknown',
        message: `no card says whether ${name} ${direction === 'input' ? 'takes' : 'makes'} ${kind}`,
      });
    else if (!known.includes(kind))
      return obstacle(
        'missing-feature',
        `${name} ${direction === 'input' ? 'takes' : 'makes'} no ${kind}`,
      );
  }
  if (requests.sku.countSource === 'aggregated')
    return {
      doubts: [
        ...doubts,
        {
          code: 'aggregated-counts',
          message:
            'counts of many requests in one: no single one can be held against limits or context tiers',
        },
      ],
    };
  const at = priceTime(target, requests.sample.time ?? 0);
  const window = factAt(entry.contextWindow, at);
  const longest = factAt(entry.maxOutput, at);
  if (window === undefined)
    doubts.push({
      code: 'context-window-unknown',
      message: `no card says the context window of ${name}`,
    });
  else if (tokensThere(requests.sample.size(WHOLE_REQUEST), ratio) > window)
    return obstacle(
      'context-window',
      `longer than the context window of ${name}, ${grouped(window)} tokens`,
    );
  if (longest === undefined)
    doubts.push({
      code: 'output-limit-unknown',
      message: `no card says the output limit of ${name}`,
    });
  else if (tokensThere(requests.sample.size(['output']), ratio) > longest)
    return obstacle(
      'output-limit',
      `answers longer than ${name} writes, ${grouped(longest)} tokens`,
    );
  return { doubts };
}

const obstacle = (code: string, message: string): Fit => ({
  obstacle: { code, message },
  doubts: [],
});
