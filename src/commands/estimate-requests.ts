import { counted } from '../domain/words.ts';
import { printable } from '../printable.ts';
import { countKey } from '../prompts/counting/imported-count.ts';
import type { Estimate } from '../prompts/estimate-request.ts';
import { jsonText } from '../render/json-text.ts';
import type { Runtime } from '../runtime.ts';

/**
 * `aicost estimate --requests`: a line of JSON for each case without an exact count, `{"key", "provider", "model",
 * "prompt", "case", "request"}`, for the counting endpoint of its provider. Nothing is sent. What cannot be asked
 * for is told as a number on stderr.
 */
export function printRequests(
  estimates: readonly Estimate[],
  { quiet }: { readonly quiet?: boolean },
  runtime: Runtime,
): void {
  let left = 0;
  for (const { prompts } of estimates)
    for (const { id, cases } of prompts.map(casesOf))
      for (const { name, request, tokens } of cases) {
        const key = request === undefined ? undefined : countKey(request.model, request.body);
        if (request === undefined || key === undefined) left += 1;
        else if (tokens.source !== 'exact') {
          const { provider, model, body } = request;
          const line = { key, provider, model, prompt: id, case: name, request: body };
          runtime.out(`${jsonText(line)}\n`);
        }
      }
  if (left > 0 && quiet !== true)
    runtime.err(
      printable(
        `aicost: ${counted(left, 'case')} left out: known by size alone, with images or a schema, or of other providers\n`,
      ),
    );
}

const casesOf = ({ id, inputs }: Estimate['prompts'][number]) => ({
  id,
  cases: inputs?.cases ?? [],
});
