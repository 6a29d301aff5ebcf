import type { PromptEntry } from '../domain/prompt-plan.ts';
import { UserError } from '../errors.ts';
import type { Finding } from './finding.ts';
import type { Prompt } from './prompt.ts';

/** A prompt of a file with the entry that speaks of it, before it has an id. */
export interface UnnamedPrompt {
  readonly prompt: Prompt;
  /** The file it was read from, which may bring along prompts of others. */
  readonly file: string;
  readonly entry?: PromptEntry;
  /** Its place among the prompts of its file, from 1, and how many these are. */
  readonly ordinal: number;
  readonly siblings: number;
}

/** An id and who gave it. */
export interface PromptId {
  readonly id: string;
  readonly namedBy: 'config' | 'file' | 'path';
  readonly findings: readonly Finding[];
}

/**
 * Names prompts: by the config, else by the name in the file, else by the path; `#` and a name or number tell prompts
 * of one file apart. Names that several files give their prompts name none of them. Throws UserError where the
 * config gives two prompts one id.
 */
export function promptIds(prompts: readonly UnnamedPrompt[]): readonly PromptId[] {
  const names = new Map<string, Set<string>>();
  for (const { prompt, entry } of prompts)
    if (entry?.id === undefined && prompt.name !== undefined)
      names.set(prompt.name, (names.get(prompt.name) ?? new Set()).add(prompt.path));
  const taken = new Map<string, UnnamedPrompt>();
  return prompts.map((unnamed) => {
    const shared = names.get(unnamed.prompt.name ?? '');
    const wanted = idOf(unnamed, (shared?.size ?? 0) > 1);
    // What no config names may be called alike: two of one name in a file, one text in two test suites.
    const named: Omit<PromptId, 'findings'> =
      wanted.namedBy !== 'config' && taken.has(wanted.id)
        ? { id: `${unnamed.file}#${unnamed.ordinal}`, namedBy: 'path' }
        : wanted;
    const before = taken.get(named.id);
    if (before !== undefined) throw sameId(named.id, before, unnamed);
    taken.set(named.id, unnamed);
    return {
      ...named,
      findings:
        named.namedBy === 'path' && shared !== undefined && shared.size > 1
          ? [sharedName(unnamed.prompt, shared)]
          : [],
    };
  });
}

function idOf(
  { prompt, entry, ordinal, siblings }: UnnamedPrompt,
  nameIsShared: boolean,
): Omit<PromptId, 'findings'> {
  const part = siblings > 1 ? `#${prompt.name ?? ordinal}` : '';
  if (entry?.id !== undefined)
    return {
      id: `${entry.id.value.replaceAll('{path}', () => prompt.path)}${part}`,
      namedBy: 'config',
    };
  return prompt.name === undefined || nameIsShared
    ? { id: `${prompt.path}${part}`, namedBy: 'path' }
    : { id: prompt.name, namedBy: 'file' };
}

function sameId(id: string, one: UnnamedPrompt, other: UnnamedPrompt): UserError {
  const origin = other.entry?.id?.origin ?? { file: other.prompt.path, line: other.prompt.line };
  const places = [one, other].map(({ prompt }) => `${prompt.path}:${prompt.line}`).join(' and ');
  return new UserError(`two prompts have the id "${id}": ${places}`, {
    origin,
    hint: 'Give each an id of its own under prompts: in aicost.yaml; id: "{path}" does for a pattern.',
  });
}

const sharedName = ({ name, path, line }: Prompt, files: ReadonlySet<string>): Finding => ({
  level: 'notice',
  code: 'shared-name',
  message: `"${name ?? ''}" names prompts of ${files.size} files, so the path names this one`,
  origin: { file: path, line },
});
