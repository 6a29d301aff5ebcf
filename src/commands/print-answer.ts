import type { Answer } from '../reports/answer.ts';
import type { RenderOptions } from '../render/render.ts';
import type { Runtime } from '../runtime.ts';
import type { OutputFlags } from './flags.ts';

/** Prints an answer in the format asked for. Bars and colours only where a person looks. */
export async function printAnswer(
  answer: Answer,
  flags: OutputFlags,
  runtime: Runtime,
): Promise<void> {
  const { loadRenderer } = await import('../render/formats.ts');
  const render = await loadRenderer(flags.format);
  runtime.out(render(answer, screenOf(runtime, flags)));
}

/** What stdout can show. */
export function screenOf(runtime: Runtime, flags: { readonly color?: boolean }): RenderOptions {
  const person = runtime.terminal.out;
  const color =
    person &&
    flags.color !== false &&
    (runtime.env['NO_COLOR'] ?? '') === '' &&
    runtime.env['TERM'] !== 'dumb';
  return { columns: runtime.columns, color, bars: person, unicode: usesUnicode(runtime) };
}

/** Whether the reader's locale can show more than ASCII; a pipe is taken to be UTF-8. */
function usesUnicode({ env, terminal }: Runtime): boolean {
  if (!terminal.out) return true;
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? '';
  return locale === '' || /utf-?8/i.test(locale);
}
