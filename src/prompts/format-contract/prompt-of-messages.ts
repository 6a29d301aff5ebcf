import type { Finding } from '../finding.ts';
import type { Prompt } from '../prompt.ts';
import { type MessageTemplate, renderMessages, variablesOf } from './message-template.ts';

/** What a format says of a prompt whose messages are templates; what it leaves out, the file does not say. */
export type PromptOfMessages = Partial<Omit<Prompt, 'render' | 'variables' | 'findings'>> & {
  readonly path: string;
  readonly line: number;
  readonly format: string;
  readonly messages: readonly MessageTemplate[];
  readonly findings?: readonly Finding[];
};

/** A prompt whose messages are templates. */
export function promptOfMessages({ messages, ...said }: PromptOfMessages): Prompt {
  return {
    defaults: new Map(),
    samples: [],
    tools: [],
    findings: [],
    ...said,
    inputs: [...new Set([said.path, ...(said.inputs ?? [])])].toSorted(),
    variables: variablesOf(messages),
    render: (values) => renderMessages(said.path, messages, values),
  };
}
