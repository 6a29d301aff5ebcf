import type { HttpRequest } from '../../http.ts';
import { flag, listOf, object, optional, text, whole } from '../json-shape.ts';
import { markOf } from '../outputs/comment-marker.ts';
import { type Forge, PAGE } from './forge.ts';

/** Where a project of GitLab is, and the token to speak with. */
export interface GitlabAccess {
  /** `https://gitlab.com/api/v4`, without a slash at the end. */
  readonly api: string;
  /** Its number, or its path with slashes. */
  readonly project: string;
  readonly token: string;
}

/** GitLab: https://docs.gitlab.com/api/notes/ (2026-11-21). */
export function gitlabForge({ api, project, token }: GitlabAccess): Forge {
  const base = `${api}/projects/${encodeURIComponent(project)}`;
  const request = (method: HttpRequest['method'], url: string, body?: unknown): HttpRequest => ({
    method,
    url,
    headers: {
      'private-token': token,
      'user-agent': 'aicost',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const notes = (number: number): string => `${base}/merge_requests/${number}/notes`;
  return {
    name: 'GitLab',
    noun: 'merge request',
    findByHead: (sha) => [
      request(
        'GET',
        `${base}/repository/commits/${encodeURIComponent(sha)}/merge_requests?per_page=${PAGE}`,
      ),
    ],
    numbersIn: (answer, sha) =>
      MERGE_REQUESTS(answer, 'answer')
        .filter((each) => each.state === 'opened' && (each.sha === null || each.sha === sha))
        .map(({ iid }) => iid),
    list: (number, page) =>
      request('GET', `${notes(number)}?per_page=${PAGE}&page=${page}&sort=asc&order_by=created_at`),
    commentsIn: (answer) => {
      const all = NOTES(answer, 'answer');
      return {
        isFull: all.length >= PAGE,
        items: all
          .filter(({ body, system }) => markOf(body) !== undefined && system !== true)
          .map(({ id, body }) => ({ id: String(id), node: undefined, body })),
      };
    },
    create: (number, body) => request('POST', notes(number), { body }),
    update: (number, { id }, body) => request('PUT', `${notes(number)}/${id}`, { body }),
    remove: (number, { id }) => request('DELETE', `${notes(number)}/${id}`),
    hide: undefined,
  };
}

const MERGE_REQUESTS = listOf(object({ iid: whole, state: text, sha: optional(text) }));
const NOTES = listOf(object({ id: whole, body: text, system: optional(flag) }));
