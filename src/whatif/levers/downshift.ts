import { UserError } from '../../errors.ts';
import { type Lever, QUALITY_NOT_MEASURED } from '../lever-contract/lever.ts';
import { cheaperTries } from '../lever-contract/cheaper-models.ts';
import { openMove } from '../lever-contract/move.ts';
import { requestsNamed, targetNamed } from '../lever-contract/named-models.ts';
import { ratioAsked, ratiosTo, TOKEN_RATIO_FLAG } from '../lever-contract/ratios.ts';

/** The requests of one model on another one, usually smaller. */
const downshift: Lever = {
  name: 'downshift',
  summary: 'the requests of one model on another',
  needs: 'any ledger; --to',
  flags: [
    { flag: '--from <model>', description: 'only requests of this model; * is any text' },
    { flag: '--to <model>', description: 'where they go: gpt-4o-mini, anthropic/claude-haiku-4-5' },
    TOKEN_RATIO_FLAG,
  ],
  examples: [
    'aicost whatif downshift --from gpt-4o --to gpt-4o-mini',
    'aicost whatif downshift --to claude-haiku-4-5 --where feature=search',
    'aicost whatif downshift --from "gpt-*" --to gpt-4o-mini --share 60%',
  ],
  ranking: { touches: 'answers', tries: cheaperTries },
  async plan(asked, world) {
    const to = asked.value('to');
    if (to === undefined)
      throw new UserError('--to: name the model that the requests would go to', {
        hint: 'For example aicost whatif downshift --from gpt-4o --to gpt-4o-mini.',
      });
    const from = asked.value('from');
    const declared = ratioAsked(asked);
    const requests = requestsNamed(from, world);
    const target = targetNamed('--to', to, world, requests.providers);
    const ratioOf = ratiosTo(target, await world.countingRules(), world, declared);
    const move = openMove(world, target, { from: requests.models, ratioOf });
    return {
      title: `${from ?? 'every request'} ran on ${target.provider}/${target.name}`,
      cuts: move.cuts,
      judge: (each) => (requests.holds(each) ? move.judge(each) : { kind: 'untouched' }),
      assumptions: move.assumptions,
      caveat: QUALITY_NOT_MEASURED,
    };
  },
};

export default downshift;
