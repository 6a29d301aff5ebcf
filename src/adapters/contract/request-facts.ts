import { type Fields, presentTags, textAt } from './fields.ts';

/** What the parameters of a request say of the call, by the names that providers give them, as facts of it. */
export const requestFacts = (parameters: Fields): Record<string, string> =>
  presentTags({
    temperature: textAt(parameters, 'temperature'),
    max_output_tokens:
      textAt(parameters, 'max_output_tokens') ??
      textAt(parameters, 'max_completion_tokens') ??
      textAt(parameters, 'max_tokens'),
  });
