import { createHmac } from 'node:crypto';
import type { UsageEvent } from '../domain/usage.ts';

/**
 * Shapes of credentials that logs carry by accident: keys of OpenAI, Anthropic and OpenRouter (`sk-`),
 * Google (`AIza`), xAI, Groq, AWS, GitHub, Slack, bearer tokens and JSON web tokens.
 */
const SECRET =
  /\b(sk-[A-Za-z0-9_-]{12,}|AIza[A-Za-z0-9_-]{20,}|xai-[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*|Bearer\s+\S{12,})/g;

/** The text with every credential in it replaced by a short keyed hash: the same key stays the same group. */
export const withoutSecrets = (text: string): string =>
  text.replace(
    SECRET,
    (secret) => `hash:${createHmac('sha256', 'aicost').update(secret).digest('hex').slice(0, 12)}`,
  );

/** The event with no credential in its tags, labels or error code. */
export function scrubbed(event: UsageEvent): UsageEvent {
  const { tags, labels, errorCode } = event;
  const values = [...Object.values(tags), ...(labels ?? []), errorCode ?? ''];
  if (!values.some((value) => value.search(SECRET) >= 0)) return event;
  return {
    ...event,
    tags: Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [key, withoutSecrets(value)]),
    ),
    ...(labels === undefined ? {} : { labels: labels.map(withoutSecrets) }),
    errorCode: errorCode === undefined ? undefined : withoutSecrets(errorCode),
  };
}
