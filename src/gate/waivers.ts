import type { GatePolicy, Waiver } from '../domain/gate-policy.ts';
import { type Money, parseMoney } from '../domain/money.ts';
import type { Origin } from '../domain/origin.ts';
import { dollarLimit } from './limit-words.ts';

/** A waiver with where it came from. */
export interface Allowance {
  /** Id of the prompt; `*` for all of them. */
  readonly prompt: string;
  /** Increase that it allows; undefined: any. */
  readonly upTo: Money | undefined;
  readonly reason: string;
  readonly by: string | undefined;
  readonly expires: string | undefined;
  /** A path, `label cost-approved`, `trailer`. */
  readonly from: string;
  readonly selfWaived: boolean;
  readonly origin: Origin | undefined;
}

/** Everything that may allow a prompt to cost more. */
export interface WaiverSources {
  readonly policy: GatePolicy;
  /** Waivers of the tree that decides the policy, and of head. */
  readonly base: readonly Waiver[];
  readonly head: readonly Waiver[];
  /** The label of `--approved-label`, where the pull request has it. */
  readonly approvedLabel: string | undefined;
  /** Messages of the commits of the change. */
  readonly commitMessages: readonly string[];
  /** Day of the comparison, UTC: `2026-11-22`. */
  readonly today: string;
}

/** What counts, and what does not with the reason. */
export interface Allowances {
  readonly counted: readonly Allowance[];
  readonly expired: readonly Allowance[];
  /** Added by the change under `self_waive: deny`. */
  readonly denied: readonly Allowance[];
}

/** Collects waivers of files, labels and trailers. A waiver that head alone has, or raises, is self-waived. */
export function allowancesOf(sources: WaiverSources): Allowances {
  const { base, head, policy, today, approvedLabel } = sources;
  const known = new Set(base.map(identityOf));
  const own = head.filter((waiver) => !known.has(identityOf(waiver)));
  const all = [
    ...base.map((waiver) => fromFile(waiver, false)),
    ...own.map((waiver) => fromFile(waiver, true)),
  ];
  const isOver = ({ expires }: Allowance): boolean => expires !== undefined && expires < today;
  const denies = ({ selfWaived }: Allowance): boolean => selfWaived && policy.selfWaive === 'deny';
  return {
    counted: [
      ...all.filter((each) => !isOver(each) && !denies(each)),
      ...(approvedLabel === undefined ? [] : [fromLabel(approvedLabel)]),
      ...(policy.allowTrailers ? sources.commitMessages.flatMap(trailersOf) : []),
    ],
    expired: all.filter(isOver),
    denied: all.filter((each) => !isOver(each) && denies(each)),
  };
}

/** The allowance that covers an increase of a prompt: the tightest that is high enough. */
export function allowanceFor(
  prompt: string,
  increase: Money,
  allowances: readonly Allowance[],
): Allowance | undefined {
  const enough = allowances.filter(
    (each) =>
      (each.prompt === prompt || each.prompt === '*') &&
      (each.upTo === undefined || increase <= each.upTo),
  );
  return enough.reduce<Allowance | undefined>(
    (best, each) => (best === undefined || isTighter(each, best) ? each : best),
    undefined,
  );
}

const isTighter = (one: Allowance, other: Allowance): boolean =>
  one.upTo !== undefined && (other.upTo === undefined || one.upTo < other.upTo);

/** A waiver's terms without its place: moving a line in the file changes nothing. */
const identityOf = ({ prompt, upToUsd, expires }: Waiver): string =>
  JSON.stringify([prompt, upToUsd.toString(), expires]);

const fromFile = (waiver: Waiver, selfWaived: boolean): Allowance => ({
  prompt: waiver.prompt,
  upTo: waiver.upToUsd,
  reason: waiver.reason,
  by: waiver.by,
  expires: waiver.expires,
  from: waiver.origin.file,
  selfWaived,
  origin: waiver.origin,
});

const fromLabel = (label: string): Allowance => ({
  prompt: '*',
  upTo: undefined,
  reason: 'approved by label',
  by: undefined,
  expires: undefined,
  from: `label ${label}`,
  selfWaived: false,
  origin: undefined,
});

const TRAILER =
  /^Aicost-Allow:[ \t]*(\S{1,500})[ \t]+<=[ \t]*\$?(\d{1,12}(?:\.\d{1,12})?)(?:[ \t]+(.{0,500}))?$/gim;

/** `Aicost-Allow: support-reply <=40 new EU policy text` lines of a commit message. */
const trailersOf = (message: string): readonly Allowance[] =>
  [...message.matchAll(TRAILER)].flatMap(([, prompt = '', dollars = '', reason = '']) => {
    const upTo = parseMoney(dollars);
    // An allowance for everything is a label's, which only some people may set.
    if (upTo === undefined || prompt === '*') return [];
    const why = reason.trim() === '' ? 'no reason given' : reason.trim();
    const trailer = { by: undefined, expires: undefined, from: 'trailer', origin: undefined };
    return [{ prompt, upTo, reason: why, selfWaived: true, ...trailer }];
  });

/** `$40`, or `any amount`. */
export const ceilingWords = ({ upTo }: Allowance): string =>
  upTo === undefined ? 'any amount' : dollarLimit(upTo);
