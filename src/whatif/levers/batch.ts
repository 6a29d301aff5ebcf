import type { Filter } from '../../domain/spend.ts';
import { UserError } from '../../errors.ts';
import type { Lever, LeverAsked, PlainVerdict } from '../lever-contract/lever.ts';
import { requestsNamed } from '../lever-contract/named-models.ts';
import { openSameModel } from '../lever-contract/same-model.ts';

/** How long a batch may take before its results are there, hours: that of OpenAI, Anthropic, Google and Bedrock. */
const BATCH_HOURS = 24;

const has = (name: string): readonly Filter[] => [
  { dimension: { kind: 'tag', name }, negated: true, pattern: '' },
];
const [SESSION, USER, RUN] = [has('session'), has('user'), has('run')];

/** Work that can wait, sent as batches. */
const batch: Lever = {
  name: 'batch',
  summary: 'work that can wait a day sent as batches, at batch prices',
  needs: 'tags that name the work, --where; --tolerance',
  flags: [
    { flag: '--tolerance <time>', description: 'how long results may take: 24h or more, 2d' },
    { flag: '--from <model>', description: 'only requests of this model; * is any text' },
  ],
  examples: [
    'aicost whatif batch --where feature=summarize --tolerance 24h',
    'aicost whatif batch --where workflow=nightly --tolerance 2d --since 30d',
    'aicost whatif batch --where "step!=chat" --tolerance 24h --by model',
  ],
  ranking: { touches: 'waiting', named: true, tries: () => [{ tolerance: `${BATCH_HOURS}h` }] },
  async plan(asked, world) {
    const hours = toleranceOf(asked);
    if (world.where.length === 0)
      throw new UserError('--where: name the work that can wait', {
        hint: 'For example aicost whatif batch --where workflow=nightly-report --tolerance 24h. Nothing is taken to wait by itself.',
      });
    const from = asked.value('from');
    const requests = requestsNamed(from, world);
    const batches = openSameModel(world.ledger.skus(), world, {
      serving: () => ({ serviceTier: 'batch' }),
      cachesMayMiss: true,
    });
    return {
      title: `${from ?? 'this work'} ran as batches`,
      cuts: [
        ...batches.cuts,
        ...[SESSION, USER, RUN].map((filters) => ({ kind: 'where', filters }) as const),
      ],
      judge(each) {
        if (!requests.holds(each) || each.sku.serviceTier?.toLowerCase() === 'batch')
          return { kind: 'untouched' };
        if (each.sample.holds(SESSION) || each.sample.holds(USER))
          return {
            kind: 'excluded',
            reason: {
              code: 'interactive',
              message: 'they have a session or a user, who waits for them',
            },
          };
        return doubted(batches.judge(each), each.sample.holds(RUN));
      },
      assumptions: () => [
        {
          name: 'tolerance',
          value: `${hours} h`,
          source: 'declared',
          note: `--tolerance; results of a batch may take ${BATCH_HOURS} h`,
        },
        {
          name: 'interactive',
          value: 'session or user',
          source: 'assumed',
          note: 'requests with a session or a user are interactive and never batched; all others of --where can wait',
        },
        {
          name: 'caches',
          value: 'hit as often',
          source: 'assumed',
          note: 'at the least saving no request of a batch finds its prefix cached',
        },
      ],
      caveat: 'quality not measured: the answers are those of the same models, they come later',
    };
  },
};

function toleranceOf(asked: LeverAsked): number {
  const text = asked.value('tolerance');
  if (text === undefined)
    throw new UserError('--tolerance: say how long the results may take', {
      hint: `Results of a batch may take ${BATCH_HOURS} hours: --tolerance 24h.`,
    });
  const [, number, unit] = /^(\d{1,4})(h|d)$/.exec(text) ?? [];
  if (number === undefined)
    throw new UserError(`--tolerance: expected hours or days, found "${text}"`, {
      hint: 'For example --tolerance 24h or --tolerance 2d.',
    });
  const hours = Number(number) * (unit === 'd' ? 24 : 1);
  if (hours < BATCH_HOURS)
    throw new UserError(
      `--tolerance: results of a batch may take ${BATCH_HOURS} h, more than ${text}`,
      {
        hint: 'Work that cannot wait so long cannot be batched; a flex tier may do: aicost whatif reprice --tier flex.',
      },
    );
  return hours;
}

/** Steps of a run that wait for each other wait a day each. */
const doubted = (verdict: PlainVerdict, ofRun: boolean): PlainVerdict =>
  verdict.kind === 'changed' && ofRun
    ? {
        ...verdict,
        doubts: [
          ...verdict.doubts,
          {
            code: 'steps-of-runs',
            message:
              'steps of runs: those that need the answer of another wait for its batch first',
          },
        ],
      }
    : verdict;

export default batch;
