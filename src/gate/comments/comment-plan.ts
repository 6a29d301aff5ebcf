import type { DiffResult } from '../comparison-result.ts';
import { isMore, isNothing } from '../outputs/change-kind.ts';
import { markOf, wordOf } from '../outputs/comment-marker.ts';
import type { ForgeComment } from './forge.ts';

/** What becomes of an older comment of the same id. */
export const BEHAVIORS = ['update', 'new', 'hide-and-new', 'delete-and-new'] as const;
/** One of BEHAVIORS. */
export type Behavior = (typeof BEHAVIORS)[number];

/** When a first comment is worth writing. One that is there is always brought up to date. */
export const OCCASIONS = ['on-change', 'on-increase', 'on-fail', 'always'] as const;
/** One of OCCASIONS. */
export type Occasion = (typeof OCCASIONS)[number];

/** What to do to the comments of a pull request, in order. `none` says why. */
export type CommentPlan =
  | { readonly kind: 'none'; readonly why: string }
  | {
      readonly kind: 'write';
      readonly hide: readonly ForgeComment[];
      readonly remove: readonly ForgeComment[];
      /** The comment to edit; a new one is written when absent. */
      readonly edit: ForgeComment | undefined;
    };

/** What a plan is made of. */
export interface CommentRequest {
  readonly result: DiffResult;
  readonly body: string;
  /** Comments with a marker of any id, oldest first. */
  readonly existing: readonly ForgeComment[];
  readonly behavior: Behavior;
  readonly occasion: Occasion;
}

/**
 * Decides what to do. Two pushes may race: a run whose result is older than the comment that is there leaves it
 * alone. Times are compared as text, which for UTC to the second is the order of time.
 */
export function planComment(request: CommentRequest): CommentPlan {
  const { result, body, existing, behavior, occasion } = request;
  const own = existing.flatMap((comment) => {
    const mark = markOf(comment.body);
    return mark?.id === wordOf(result.id) ? [{ comment, validAt: mark.validAt }] : [];
  });
  const newest = own.reduce((latest, { validAt }) => (validAt > latest ? validAt : latest), '');
  if (newest > result.valid_at)
    return { kind: 'none', why: `the comment that is there is newer (${newest})` };
  const last = own.at(-1)?.comment;
  if (last === undefined && !isOccasion(result, occasion))
    return { kind: 'none', why: `there is nothing to say ${occasion.replace('-', ' ')}` };
  if (last !== undefined && last.body.trimEnd() === body.trimEnd() && behavior !== 'new')
    return { kind: 'none', why: 'the comment that is there says the same' };
  const all = own.map(({ comment }) => comment);
  return {
    kind: 'write',
    edit: behavior === 'update' ? last : undefined,
    hide: behavior === 'hide-and-new' ? all : [],
    remove: behavior === 'delete-and-new' ? all : [],
  };
}

function isOccasion(result: DiffResult, occasion: Occasion): boolean {
  if (result.verdict === 'error') return true;
  switch (occasion) {
    case 'always':
      return true;
    case 'on-change':
      return !isNothing(result);
    case 'on-increase':
      return isMore(result) || result.verdict !== 'pass';
    case 'on-fail':
      return result.verdict === 'fail' || result.verdict === 'undecided';
  }
}
