import type { HttpRequest } from '../../http.ts';
import { listOf, object, optional, orNull, text, whole } from '../json-shape.ts';
import { markOf } from '../outputs/comment-marker.ts';
import { type Forge, PAGE } from './forge.ts';

/** Where a repository of GitHub is, and the token to speak with. */
export interface GithubAccess {
  /** `https://api.github.com`, without a slash at the end. */
  readonly api: string;
  /** Of GraphQL, which alone can fold comments away. */
  readonly graphql: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** GitHub: https://docs.github.com/en/rest/issues/comments (2026-11-21). */
export function githubForge({ api, graphql, repository, token }: GithubAccess): Forge {
  const [owner = '', name = ''] = repository.split('/').map(encodeURIComponent);
  const base = `${api}/repos/${owner}/${name}`;
  const request = (method: HttpRequest['method'], url: string, body?: unknown): HttpRequest => ({
    method,
    url,
    headers: {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'aicost',
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    name: 'GitHub',
    noun: 'pull request',
    // The first does not know the commits of forks until they are merged; the second lists all that is open.
    findByHead: (sha) => [
      request('GET', `${base}/commits/${encodeURIComponent(sha)}/pulls?per_page=${PAGE}`),
      request('GET', `${base}/pulls?state=open&sort=updated&direction=desc&per_page=${PAGE}`),
    ],
    numbersIn: (answer, sha) =>
      PULLS(answer, 'answer')
        .filter(({ state, head }) => state === 'open' && head.sha === sha)
        .map(({ number }) => number),
    list: (number, page) =>
      request('GET', `${base}/issues/${number}/comments?per_page=${PAGE}&page=${page}`),
    commentsIn: (answer) => {
      const all = COMMENTS(answer, 'answer');
      return {
        isFull: all.length >= PAGE,
        items: all
          .filter((comment) => markOf(comment.body ?? '') !== undefined && mayWrite(comment))
          .map(({ id, node_id, body }) => ({
            id: String(id),
            node: node_id ?? undefined,
            body: body ?? '',
          })),
      };
    },
    create: (number, body) => request('POST', `${base}/issues/${number}/comments`, { body }),
    update: (_number, { id }, body) => request('PATCH', `${base}/issues/comments/${id}`, { body }),
    remove: (_number, { id }) => request('DELETE', `${base}/issues/comments/${id}`),
    hide: ({ node }) =>
      request('POST', graphql, { query: HIDE, variables: { comment: node ?? '' } }),
  };
}

const HIDE =
  'mutation($comment: ID!) { minimizeComment(input: {subjectId: $comment, classifier: OUTDATED}) { clientMutationId } }';

const PULLS = listOf(object({ number: whole, state: text, head: object({ sha: text }) }));

const COMMENT = object({
  id: whole,
  node_id: optional(text),
  body: orNull(text),
  author_association: optional(text),
  user: optional(object({ type: optional(text) })),
});
const COMMENTS = listOf(COMMENT);

/** People who belong to no repository cannot hold a gate's comment back by copying its marker. */
function mayWrite({ author_association, user }: ReturnType<typeof COMMENT>): boolean {
  if (user?.type === 'Bot' || author_association === null) return true;
  return ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(author_association);
}
