import type { Git } from './git.ts';

/** Most commits of a change whose messages are read. */
const MOST_COMMITS = 1_000;

/** Messages of the commits that head has and base has not, newest first. Throws UserError (3) when git cannot tell. */
export async function commitMessages(
  git: Git,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<readonly string[]> {
  const range = [`--max-count=${MOST_COMMITS}`, '--format=%B%x00', head, `^${base}`, '--'];
  const text = await git.must(['log', ...range]);
  return text
    .toString('utf8')
    .split('\0')
    .map((message) => message.trim())
    .filter((message) => message !== '');
}
