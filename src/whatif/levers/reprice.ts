import { countedName } from '../../domain/counting-rules.ts';
import { providerName } from '../../domain/provider-names.ts';
import { nearest } from '../../domain/nearest.ts';
import { knowsPlace } from '../../domain/region-prices.ts';
import { parseUtcTime } from '../../domain/utc-time.ts';
import { UserError } from '../../errors.ts';
import type {
  Assumption,
  Lever,
  LeverAsked,
  LeverPlan,
  LeverWorld,
} from '../lever-contract/lever.ts';
import { type Move, openMove } from '../lever-contract/move.ts';
import type { CardModel } from '../lever-contract/models-called.ts';
import { type NamedRequests, requestsNamed } from '../lever-contract/named-models.ts';
import { ratioAsked, ratiosTo } from '../lever-contract/ratios.ts';
import { openSameModel, type OtherPrices } from '../lever-contract/same-model.ts';
import { standingOf } from '../lever-contract/standing.ts';
import type { Serving } from '../lever-contract/target-model.ts';

const CAVEAT = 'only prices change here: requests, answers and caches are taken to be the same';

/** The same requests under other prices: of another card, day, provider, region or service tier. */
const reprice: Lever = {
  name: 'reprice',
  summary: 'the same requests under another card, on another day, elsewhere or on another tier',
  needs: 'any ledger; one of --under, --as-of, --provider, --region, --tier',
  flags: [
    { flag: '--under <path>', description: 'cards at this file or folder over those in force' },
    { flag: '--as-of <day>', description: 'prices of this day for every request: 2026-11-01' },
    { flag: '--provider <name>', description: 'the same models at this provider' },
    { flag: '--region <name>', description: 'in this region, or inference geography' },
    { flag: '--tier <name>', description: 'on this service tier: flex, priority, default' },
    { flag: '--from <model>', description: 'only requests of this model; * is any text' },
  ],
  examples: [
    'aicost whatif reprice --as-of 2026-11-20 --since 30d',
    'aicost whatif reprice --under new-rates/ --period last-month --by model',
    'aicost whatif reprice --provider bedrock --from "claude-*"',
  ],
  async plan(asked, world) {
    const asOf = dayOf(asked);
    const [under, at] = [asked.value('under'), asked.value('provider')];
    const [region, tier] = [asked.value('region'), asked.value('tier')];
    const ways = [
      under === undefined ? [] : [`by the cards at ${under}`],
      asOf === undefined ? [] : [`at the prices of ${asked.value('as-of') ?? ''}`],
      at === undefined ? [] : [`at ${providerName(at)}`],
      region === undefined ? [] : [`in ${region}`],
      tier === undefined ? [] : [`on tier ${tier}`],
    ].flat();
    if (ways.length === 0)
      throw new UserError(
        'say which other prices: --under, --as-of, --provider, --region or --tier',
        {
          hint: 'For example aicost whatif reprice --as-of 2026-11-01.',
        },
      );
    const from = asked.value('from');
    const requests = requestsNamed(from, world);
    const prices: OtherPrices = {
      ...(under === undefined ? world : await world.pricesAt(under)),
      ...(asOf === undefined ? {} : { asOf }),
    };
    const place = {
      ...(region === undefined ? {} : { region, inferenceGeo: region }),
      ...(tier === undefined ? {} : { serviceTier: tier }),
    };
    const title = `${from ?? 'every request'} was priced ${ways.join(', ')}`;
    const declared: readonly Assumption[] = ways.map((way) => ({
      name: 'prices',
      value: way,
      source: 'declared',
      note:
        asOf === undefined
          ? 'each request by the prices of its own time'
          : 'every request by the prices of that day',
    }));
    const unknown =
      region !== undefined && ![...prices.cards.values()].some((card) => knowsPlace(card, region));
    const apart: readonly Assumption[] = unknown
      ? [
          {
            name: 'region',
            value: region,
            source: 'assumed',
            note: 'no card has prices of its own for it, so that base prices stand; is it written as the provider does?',
          },
        ]
      : [];
    const plan =
      at === undefined
        ? samePlace(requests, world, prices, place)
        : await elsewhere(providerName(at), requests, { asked, world, prices, place });
    return {
      title,
      ...plan,
      assumptions: () => [...declared, ...apart, ...plan.assumptions()],
      caveat: CAVEAT,
    };
  },
};

function dayOf(asked: LeverAsked): number | undefined {
  const text = asked.value('as-of');
  if (text === undefined) return undefined;
  const time = parseUtcTime(text);
  if (time === undefined)
    throw new UserError(`--as-of: expected a day or a time, found "${text}"`, {
      hint: 'For example 2026-11-01 or 2026-11-01T12:00:00Z.',
    });
  return time;
}

type Priced = Pick<LeverPlan, 'cuts' | 'judge' | 'assumptions'>;

/** At the provider that was called. */
function samePlace(
  requests: NamedRequests,
  world: LeverWorld,
  prices: OtherPrices,
  place: Serving,
): Priced {
  const same = openSameModel(world.ledger.skus(), prices, {
    serving: () => place,
    failedToo: true,
  });
  return {
    cuts: same.cuts,
    judge: (each) => (requests.holds(each) ? same.judge(each) : { kind: 'untouched' }),
    assumptions: () => [],
  };
}

/** The same models at another provider, by what its card calls them. */
async function elsewhere(
  provider: string,
  requests: NamedRequests,
  {
    asked,
    world,
    prices,
    place,
  }: {
    readonly asked: LeverAsked;
    readonly world: LeverWorld;
    readonly prices: OtherPrices;
    readonly place: Serving;
  },
): Promise<Priced> {
  const card = prices.cards.get(provider);
  if (card === undefined) {
    const close = nearest(provider, prices.cards.keys());
    throw new UserError(`--provider: no rate card for "${provider}"`, {
      hint: `${close === undefined ? '' : `Did you mean ${close}? `}There are ${[...prices.cards.keys()].join(', ')}.`,
    });
  }
  const rules = await world.countingRules();
  const declared = ratioAsked(asked);
  const moves = new Map<string, Move>();
  for (const from of requests.models) {
    const meanings = soldAs(
      from,
      card.models.map(({ id }) => id),
    ).flatMap((name) => {
      const found = prices.resolve(provider, name);
      return found.kind === 'known' ? [{ name, meanings: found.meanings }] : [];
    });
    const [there] = meanings;
    if (there === undefined) continue;
    const { book, asOf } = prices;
    const target = { provider, card, book, ...there, ...(asOf === undefined ? {} : { asOf }) };
    const ratioOf = ratiosTo(target, rules, world, declared);
    const serving = Object.keys(place).length === 0 ? {} : { serving: () => place };
    moves.set(nameOf(from), openMove(world, target, { from: [from], ratioOf, ...serving }));
  }
  return {
    cuts: [...moves.values()].flatMap(({ cuts }) => cuts),
    judge(each) {
      if (!requests.holds(each)) return { kind: 'untouched' };
      const standing = standingOf(each);
      if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
      const { rate } = standing;
      const move = moves.get(nameOf(rate));
      if (move !== undefined) return move.judge(each);
      const reason = { code: 'not-sold-there', message: `${provider} has no ${rate.model}` };
      return { kind: 'excluded', reason };
    },
    assumptions: () => [...moves.values()].flatMap((move) => move.assumptions()),
  };
}

const nameOf = ({ provider, model }: CardModel): string => `${provider}/${model}`;

/** Names under which another card may list a model: its own, then those that name the same one behind a host's prefix. */
const soldAs = ({ model }: CardModel, ids: readonly string[]): readonly string[] => [
  model,
  ...ids.filter((id) => plainName(id) === plainName(model)),
];

/** A model's name without what hosts put around it: vendor, version of the host's own (`-v1:0`), day of the snapshot. */
const plainName = (name: string): string =>
  countedName(name)
    .replace(/-v\d+(?::\d+)?$/, '')
    .replace(/[@-]\d{8}$/, '');

export default reprice;
