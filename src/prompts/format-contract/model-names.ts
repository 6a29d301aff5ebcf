/** A model as a prompt file names it. */
export interface NamedModel {
  readonly provider?: string;
  readonly model: string;
}

/**
 * Takes `openai/gpt-4o-mini` apart. A name with more than one slash keeps the rest together, as routers do
 * (`openrouter/anthropic/claude-sonnet-5`); one without a slash names no provider.
 */
export function splitModelName(name: string): NamedModel {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return { model: name };
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}
