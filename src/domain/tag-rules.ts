import type { Origin } from './origin.ts';
import type { Filter } from './spend.ts';
import type { ValuePattern } from './value-pattern.ts';

/** When a rule holds: half-open, milliseconds UTC. Without both it holds for calls without a time too. */
export interface InForce {
  readonly since?: number;
  readonly until?: number;
}

/** Raw values of a tag that mean one thing. The raw value stays in the ledger. */
export interface VirtualTag extends InForce {
  readonly tag: string;
  readonly value: string;
  readonly match: readonly ValuePattern[];
  /** Another tag or fact whose raw value is read where a call has no `tag` of its own; `undefined` for the tag itself. */
  readonly from: string | undefined;
  readonly origin: Origin;
}

/** What the calls of a key, project or deployment are for. */
export interface KeyRule extends InForce {
  /** All of them have to hold. */
  readonly where: readonly Filter[];
  /** The selectors as they were written, for explanations: `api_key=checkout-prod`. */
  readonly text: string;
  readonly set: ReadonlyMap<string, string>;
  readonly origin: Origin;
}

/** One child of a hierarchy, and what it belongs to while the membership lasts. */
export interface Membership extends InForce {
  readonly child: string;
  readonly parent: string;
  readonly origin: Origin;
}

/** Which values of one tag belong to which values of another: teams to departments. */
export interface Hierarchy {
  readonly of: string;
  readonly to: string;
  readonly members: readonly Membership[];
}

/** Whom to ask about spend. The first rule whose filters all hold names the owner. */
export interface OwnerRule {
  readonly where: readonly Filter[];
  readonly owner: string;
  readonly origin: Origin;
}

/** What inference may look at: the calls that share one of these. */
export const INFERENCE_BASES = ['run', 'session', 'api_key'] as const;
/** One of INFERENCE_BASES. */
export type InferenceBasis = (typeof INFERENCE_BASES)[number];

/** Tags that calls have to have where some filters hold. */
export interface RequiredWhere {
  readonly where: readonly Filter[];
  readonly keys: readonly string[];
}

/** What aicost.yaml says of who owns spend: `tags`, `keys`, `hierarchy` and `owners`. */
export interface TagRules {
  /** Tags that every call has to have. */
  readonly required: readonly string[];
  readonly requiredWhere: readonly RequiredWhere[];
  /** The only values that a tag may have, by tag; patterns as in virtual tags. */
  readonly allowed: ReadonlyMap<string, readonly ValuePattern[]>;
  readonly virtual: readonly VirtualTag[];
  readonly keys: readonly KeyRule[];
  readonly hierarchies: readonly Hierarchy[];
  readonly owners: readonly OwnerRule[];
  /** In the order in which they are asked; empty where nothing is inferred. */
  readonly infer: readonly InferenceBasis[];
  /** Names of bills' tags, and the tags of calls that they are: `CostCenter` is `cost_center`. */
  readonly cloud: ReadonlyMap<string, string>;
}

/** Where a value came from, the surest first. */
export const ATTRIBUTION_SOURCES = ['request', 'key', 'hierarchy', 'inferred'] as const;
/** One of ATTRIBUTION_SOURCES. */
export type AttributionSource = (typeof ATTRIBUTION_SOURCES)[number];

/** Asked for like a tag: where the other values of a row came from, the least sure of them. */
export const SOURCE_DIMENSION = 'attribution_source';

/** Whether a rule holds at an instant; what has no time is held by rules without dates only. */
export const holdsAt = ({ since, until }: InForce, time: number | undefined): boolean =>
  time === undefined
    ? since === undefined && until === undefined
    : (since === undefined || time >= since) && (until === undefined || time < until);
