/** One request. Nothing is sent but what stands here. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Value of a header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}

/** Sends a request. Throws when no answer comes. */
export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>;

/** How long a server may take, and how much it may say. */
const PATIENCE_MS = 30_000;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Sends over the network. Redirects are answers and are not followed, so that a token goes only to the server that
 * it is meant for.
 */
export const sendHttp: SendHttp = async ({ method, url, headers, body }) => {
  const answer = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body }),
  });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name) ?? undefined,
    text: Buffer.concat(chunks).toString('utf8'),
  };
};
