import { ExitCode, UserError } from '../../errors.ts';
import type { HttpAnswer, HttpRequest, SendHttp } from '../../http.ts';
import { ShapeError } from '../json-shape.ts';

/** What speaking with a forge needs of the world. */
export interface Line {
  readonly http: SendHttp;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How often a request is tried, and how long the first pause is. Each is twice the one before. */
const TRIES = 5;
const FIRST_PAUSE_MS = 1_000;
/** A server that asks for a longer pause than this is not waited for. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Sends a request until it is answered: what a server may mend by itself is tried again. Returns the JSON of the
 * answer, undefined where it has none, or where there is no such thing and that may be so. Throws UserError: 2 when the forge refuses, 3 when it does not answer.
 */
export async function ask(
  line: Line,
  forge: string,
  request: HttpRequest,
  { mayBeAbsent = false } = {},
): Promise<unknown> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attempted(line, request);
    if (answer !== undefined && answer.status >= 200 && answer.status < 300)
      return jsonOf(answer, forge, request);
    if (mayBeAbsent && (answer?.status === 404 || answer?.status === 422)) return undefined;
    const again = answer === undefined || isPassing(answer);
    if (!again || attempt === TRIES) throw refusal(answer, forge, request);
    await line.wait(Math.min(LONGEST_PAUSE_MS, askedPause(answer) ?? pause));
    pause *= 2;
  }
}

async function attempted({ http }: Line, request: HttpRequest): Promise<HttpAnswer | undefined> {
  try {
    return await http(request);
  } catch {
    // No answer at all; the words of the error may hold the URL's secrets, and the last try says what matters.
    return undefined;
  }
}

/** Overload, trouble of the server, and limits on how often one may ask. */
const isPassing = (answer: HttpAnswer): boolean =>
  answer.status === 429 ||
  answer.status >= 500 ||
  (answer.status === 403 &&
    (answer.header('retry-after') !== undefined || answer.header('x-ratelimit-remaining') === '0'));

function askedPause(answer: HttpAnswer | undefined): number | undefined {
  const seconds = Number(answer?.header('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
}

function jsonOf({ text, status }: HttpAnswer, forge: string, { url }: HttpRequest): unknown {
  if (status === 204 || text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${forge} answered no JSON to ${url}`, {
      exitCode: ExitCode.undecided,
      hint: 'Is this the address of its API? GITHUB_API_URL and CI_API_V4_URL say another.',
    });
  }
}

function refusal(
  answer: HttpAnswer | undefined,
  forge: string,
  { method, url }: HttpRequest,
): UserError {
  if (answer === undefined || isPassing(answer))
    return new UserError(
      `${forge} ${answer === undefined ? 'did not answer' : `answered ${answer.status}`} ${TRIES} times: ${method} ${url}`,
      { exitCode: ExitCode.undecided },
    );
  return new UserError(`${forge} answered ${answer.status} to ${method} ${url}`, {
    hint: HINTS[answer.status] ?? 'Is this the address of its API, and does the repository exist?',
  });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'The token is not valid: check GITHUB_TOKEN or GITLAB_TOKEN.',
  403: 'The token may not do this: on GitHub the job needs "permissions: {pull-requests: write}".',
  404: 'Is the repository right, and may the token see it?',
  422: 'The forge does not accept the comment; --dry-run shows what is sent.',
};

/** Reads an answer, and says whose it is when it is not what it has to be. */
export function readAnswer<Value>(forge: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError)
      throw new UserError(`${forge} answered something else than it documents: ${error.message}`, {
        exitCode: ExitCode.undecided,
      });
    throw error;
  }
}
