import { createHmac } from 'node:crypto';
import type { RunTags } from '../domain/run-tags.ts';
import type { UsageEvent } from '../domain/usage.ts';

/**
 * Shapes of credentials that logs carry by accident: keys of OpenAI, Anthropic and OpenRouter (`sk-`),
 * Google (`AIza`), xAI, Groq, Hugging Face, Perplexity, NVIDIA, AWS, GitHub, GitLab, Slack, bearer tokens and JSON web tokens.
 */
const SECRET =
  /(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{12,}|AIza[A-Za-z0-9_-]{20,}|xai-[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|A[KS]IA[A-Z0-9]{12,}|hf_[A-Za-z0-9]{20,}|pplx-[A-Za-z0-9]{20,}|nvapi-[A-Za-z0-9_-]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*|Bearer\s+\S{12,})/g;

/** The text with every credential in it replaced by a short keyed hash: the same key stays the same group. */
export const withoutSecrets = (text: string): string =>
  text.replace(
    SECRET,
    (secret) => `hash:${createHmac('sha256', 'aicost').update(secret).digest('hex').slice(0, 12)}`,
  );

/** No shape of SECRET is shorter: `sk-` or `xoxb-` and what must follow. */
const SHORTEST_SECRET = 15;

/** How each shape of SECRET begins, behind no letter and no digit. */
const BEGINNINGS = 'sk AI AK AS xa xo gs gi gl gh hf pp nv ey Be'.split(' ');
const begins = new Uint8Array(1 << 16);
for (const two of BEGINNINGS) begins[(two.charCodeAt(0) << 8) | two.charCodeAt(1)] = 1;
const LETTER_OR_DIGIT = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Whether ASCII may hold a credential, told by beginnings alone: false is certain. */
export function mayHoldSecret(ascii: Uint8Array, from: number, to: number): boolean {
  if (to - from < SHORTEST_SECRET) return false;
  let within = false;
  for (let at = from; at < to; at += 1) {
    const byte = ascii[at] ?? 0;
    const inWord = LETTER_OR_DIGIT[byte] === 1;
    if (inWord && !within && begins[(byte << 8) | (ascii[at + 1] ?? 0)] === 1) return true;
    within = inWord;
  }
  return false;
}

const holdsSecret = (text: string | undefined): boolean =>
  text !== undefined && text.length >= SHORTEST_SECRET && text.search(SECRET) >= 0;

function tagsHoldSecret(tags: UsageEvent['tags']): boolean {
  for (const key in tags) if (holdsSecret(key) || holdsSecret(tags[key])) return true;
  return false;
}

/** The event with no credential in any text that is kept. */
export function scrubbed(event: UsageEvent): UsageEvent {
  const { id, family, model, requestModel, errorCode, tags, labels } = event;
  if (
    !holdsSecret(id) &&
    !holdsSecret(family) &&
    !holdsSecret(model) &&
    !holdsSecret(requestModel) &&
    !holdsSecret(errorCode) &&
    !tagsHoldSecret(tags) &&
    !(labels ?? []).some(holdsSecret)
  )
    return event;
  const clean = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : withoutSecrets(text);
  return {
    ...event,
    id: clean(id),
    family: clean(family),
    model: withoutSecrets(model),
    requestModel: clean(requestModel),
    errorCode: clean(errorCode),
    tags: cleanTags(tags),
    ...(labels === undefined ? {} : { labels: labels.map(withoutSecrets) }),
  };
}

/** Tags of a run with no credential in them. */
export const scrubbedRunTags = ({ run, columns, custom, labels }: RunTags): RunTags => ({
  run: withoutSecrets(run),
  columns: cleanTags(columns),
  custom: cleanTags(custom),
  labels: labels.map(withoutSecrets),
});

const cleanTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [withoutSecrets(key), withoutSecrets(value)]),
  );
