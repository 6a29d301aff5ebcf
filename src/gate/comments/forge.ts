import type { HttpRequest } from '../../http.ts';

/** A comment of ours on a pull request. */
export interface ForgeComment {
  readonly id: string;
  /** Id of the same comment for GraphQL, where the forge has one. */
  readonly node: string | undefined;
  readonly body: string;
}

/** A pull request, or what is known to find it by. */
export type Target =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'sha'; readonly sha: string };

/** A page of what a forge lists, and where it goes on. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isFull: boolean;
}

/**
 * What a forge is asked, and how its answers are read. Pure: whoever uses it sends the requests. The readers throw
 * ShapeError when an answer is no such thing.
 */
export interface Forge {
  /** `GitHub`, for messages. */
  readonly name: string;
  /** `pull request`, `merge request`. */
  readonly noun: string;
  /** Where to look for the open pull request of a head commit, the surest first. */
  readonly findByHead: (sha: string) => readonly HttpRequest[];
  /** Numbers of the open pull requests in such an answer whose head is the commit. */
  readonly numbersIn: (answer: unknown, sha: string) => readonly number[];
  readonly list: (number: number, page: number) => HttpRequest;
  /** Comments that begin with our marker and that somebody wrote who may: strangers can copy a marker. */
  readonly commentsIn: (answer: unknown) => Page<ForgeComment>;
  readonly create: (number: number, body: string) => HttpRequest;
  readonly update: (number: number, comment: ForgeComment, body: string) => HttpRequest;
  readonly remove: (number: number, comment: ForgeComment) => HttpRequest;
  /** Folds a comment away as outdated; undefined where the forge cannot. */
  readonly hide: ((comment: ForgeComment) => HttpRequest) | undefined;
}

/** Comments on one page of a list. */
export const PAGE = 100;
