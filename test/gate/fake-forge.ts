import type { HttpAnswer, HttpRequest, SendHttp } from '../../src/http.ts';

/** A comment as a forge keeps it. */
export interface KeptComment {
  readonly id: number;
  readonly node_id: string;
  body: string;
  readonly user: { readonly type: string };
  readonly author_association: string;
}

/** A forge in memory that speaks what aicost needs of GitHub and GitLab, and notes what it was asked. */
export interface FakeForge {
  readonly http: SendHttp;
  readonly asked: HttpRequest[];
  readonly comments: KeptComment[];
  readonly hidden: string[];
  /** Answers to give before any real one. */
  readonly trouble: (HttpAnswer | 'no answer')[];
}

/** An answer with a status and JSON. */
export const answer = (
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  status,
  header: (name) => headers[name],
  text: json === undefined ? '' : JSON.stringify(json),
});

/** Head of pull request 12 of acorn/desk, and of merge request 12 of project 34. */
export const SHA = '9f3c2a1b7d5e4c3f2a1b0c9d8e7f6a5b4c3d2e1f';

/** Opens the forge with some comments. */
export function fakeForge(...comments: readonly Partial<KeptComment>[]): FakeForge {
  let next = 100;
  const comment = (more: Partial<KeptComment>): KeptComment => {
    next += 1;
    return {
      id: next,
      node_id: `N${next}`,
      body: '',
      user: { type: 'Bot' },
      author_association: 'NONE',
      ...more,
    };
  };
  const forge: FakeForge = {
    asked: [],
    comments: comments.map(comment),
    hidden: [],
    trouble: [],
    http: async (request) => {
      forge.asked.push(request);
      const trouble = forge.trouble.shift();
      if (trouble === 'no answer') throw new Error('connection refused');
      return trouble ?? route(request);
    },
  };
  const bodyOf = ({
    body = '{}',
  }: HttpRequest): { body?: string; variables?: { comment: string } } => JSON.parse(body);
  function route(request: HttpRequest): HttpAnswer {
    const { method } = request;
    const { pathname: path, searchParams } = new URL(request.url);
    const page = Number(searchParams.get('page') ?? 1);
    if (path.endsWith('/graphql')) {
      forge.hidden.push(bodyOf(request).variables?.comment ?? '');
      return answer(200, { data: {} });
    }
    if (/\/commits\/[^/]+\/pulls$/.test(path)) return answer(200, []);
    if (path.endsWith('/pulls'))
      return answer(200, [
        { number: 11, state: 'open', head: { sha: '0'.repeat(40) } },
        { number: 12, state: 'open', head: { sha: SHA } },
      ]);
    if (path.endsWith('/merge_requests') && path.includes('/commits/'))
      return answer(200, [{ iid: 12, state: 'opened', sha: SHA }]);
    if (/\/(issues|merge_requests)\/12\/(comments|notes)$/.test(path)) {
      if (method === 'GET') return answer(200, forge.comments.slice((page - 1) * 100, page * 100));
      forge.comments.push(comment({ body: bodyOf(request).body ?? '' }));
      return answer(201, {});
    }
    const id = Number(/\/(?:comments|notes)\/(\d+)$/.exec(path)?.[1]);
    const at = forge.comments.findIndex((each) => each.id === id);
    const kept = forge.comments[at];
    if (kept === undefined) return answer(404, { message: 'Not Found' });
    if (method === 'DELETE') {
      forge.comments.splice(at, 1);
      return answer(204, undefined);
    }
    kept.body = bodyOf(request).body ?? '';
    return answer(200, {});
  }
  return forge;
}
