import type { NameReading } from './billed-names.ts';
import type { Meaning } from './model-lookup.ts';
import { utcText } from './utc-time.ts';

/** What is known of a name that no price was found for. Texts hold nothing that varies between calls of one name. */
export interface UnlistedName {
  readonly provider: string;
  readonly written: string;
  /** Why such a name has a price only where a card lists it. */
  readonly never: NameReading['never'];
  /** Other providers whose card has exactly this name. */
  readonly elsewhere: readonly string[];
  readonly remedy: string | undefined;
  /** Names of the provider's card that are alike, best first. */
  readonly near: readonly string[];
}

const MOST_PROVIDERS = 3;

/** Why a name has no price, and what to do about it. */
export function unlistedReason(name: UnlistedName): string {
  const reason = withoutPrice(name.provider, name.written);
  if (name.never !== undefined) return `${reason}: ${name.never}`;
  const providers = name.elsewhere.slice(0, MOST_PROVIDERS);
  return [
    reason,
    ...(providers.length === 0
      ? []
      : [
          `${listed(providers)} ${providers.length === 1 ? 'has' : 'have'} it, so the provider may be wrong`,
        ]),
    ...(name.remedy === undefined ? [] : [name.remedy]),
    ...nearReason(name.near),
  ].join('; ');
}

/** Why a name has no price whose deployment stands for a model that the card does not have. */
export const lostDeploymentReason = (
  { provider, written, near }: Pick<UnlistedName, 'provider' | 'written' | 'near'>,
  deployment: string,
): string =>
  [
    `${withoutPrice(provider, written)}: deployments: in aicost.yaml name ${JSON.stringify(deployment)} for it, which the card does not have`,
    ...nearReason(near),
  ].join('; ');

/** Why a call outside the time of every meaning of a moving alias has no price. */
export function outsideReason(
  provider: string,
  written: string,
  meanings: readonly Meaning[],
): string {
  const spans = meanings.map(({ from, until }) =>
    [
      ...(from === undefined ? [] : [`from ${utcText(from)}`]),
      ...(until === undefined ? [] : [`until ${utcText(until)}`]),
    ].join(' '),
  );
  return `${withoutPrice(provider, written)} at that time: the name is known ${listed(spans)}`;
}

const withoutPrice = (provider: string, written: string): string =>
  `${provider} has no price for model ${JSON.stringify(written)}`;

const nearReason = (near: readonly string[]): readonly string[] =>
  near.length === 0
    ? []
    : [
        near.length === 1
          ? `the nearest name is ${listed(near)}`
          : `the nearest names are ${listed(near)}`,
      ];

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
