import { UserError } from '../../errors.ts';
import type { DiffResult } from '../comparison-result.ts';
import { type Behavior, type CommentPlan, type Occasion, planComment } from './comment-plan.ts';
import { ask, type Line, readAnswer } from './conversation.ts';
import type { Forge, ForgeComment, Target } from './forge.ts';

/** What to post where. */
export interface Post {
  readonly forge: Forge;
  readonly target: Target;
  readonly result: DiffResult;
  readonly body: string;
  readonly behavior: Behavior;
  readonly occasion: Occasion;
}

/** Pages of comments that are read at most: a pull request of three thousand comments. */
const MOST_PAGES = 30;

/** Finds the pull request, reads its comments, and writes ours. Returns what was done, in words. */
export async function postComment(post: Post, line: Line): Promise<string> {
  const { forge, result, body, behavior, occasion } = post;
  const number = await numberOf(post, line);
  const existing = await existingComments(forge, number, line);
  const plan = planComment({ result, body, existing, behavior, occasion });
  const where = `${forge.noun} ${number}`;
  if (plan.kind === 'none') return `nothing written to ${where}: ${plan.why}`;
  await carryOut(post, number, plan, line);
  return plan.edit === undefined ? `comment written to ${where}` : `comment of ${where} updated`;
}

async function carryOut(
  { forge, body }: Post,
  number: number,
  { edit, hide, remove }: CommentPlan & { readonly kind: 'write' },
  line: Line,
): Promise<void> {
  const say = (request: Parameters<typeof ask>[2]): Promise<unknown> =>
    ask(line, forge.name, request);
  if (edit !== undefined) await say(forge.update(number, edit, body));
  else await say(forge.create(number, body));
  // The new one first: if it cannot be written, the old ones are still there.
  for (const comment of hide) if (forge.hide !== undefined) await say(forge.hide(comment));
  for (const comment of remove) await say(forge.remove(number, comment));
}

async function numberOf({ forge, target }: Post, line: Line): Promise<number> {
  if (target.kind === 'number') return target.number;
  for (const request of forge.findByHead(target.sha)) {
    // A forge does not know every commit of a fork.
    const answer = await ask(line, forge.name, request, { mayBeAbsent: true });
    if (answer === undefined) continue;
    const numbers = readAnswer(forge.name, () => forge.numbersIn(answer, target.sha));
    const [first, ...others] = numbers;
    if (others.length > 0)
      throw new UserError(
        `${target.sha} is the head of several open ${forge.noun}s: ${numbers.join(', ')}`,
        { hint: 'Name one with --pr.' },
      );
    if (first !== undefined) return first;
  }
  throw new UserError(`no open ${forge.noun} has ${target.sha} as its head`, {
    hint: 'It may have been pushed to since; the run of the newer commit comments. Else name it with --pr.',
  });
}

async function existingComments(
  forge: Forge,
  number: number,
  line: Line,
): Promise<readonly ForgeComment[]> {
  const found: ForgeComment[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await ask(line, forge.name, forge.list(number, page));
    const { items, isFull } = readAnswer(forge.name, () => forge.commentsIn(answer));
    found.push(...items);
    if (!isFull) break;
  }
  return found;
}
