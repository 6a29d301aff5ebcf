import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { AgentFolder } from '../ingest/agent-folders.ts';
import type { IngestRequest } from '../ingest/ingest.ts';
import type { Runtime } from '../runtime.ts';
import { parseTags } from './flags.ts';

/** Flags that say how records are read, as commander hands them over. */
export interface ReadingFlags {
  readonly adapter?: string;
  readonly map?: string;
  readonly tag?: readonly string[];
  readonly provider?: string;
  readonly time?: string;
}

/** How the flags say that records are to be read. Throws UserError. */
export async function readingOf(
  flags: ReadingFlags,
  runtime: Runtime,
  timeZone: string,
): Promise<Pick<IngestRequest, 'additions' | 'adapter' | 'mapped'>> {
  const { parseInstant } = await import('../domain/period.ts');
  const time =
    flags.time === undefined
      ? undefined
      : parseInstant(flags.time, { now: runtime.now(), timeZone });
  if (flags.time !== undefined && time === undefined)
    throw new UserError(`--time: expected a day or a time, found "${flags.time}"`, {
      hint: 'For example 2026-11-01T09:00:00Z.',
    });
  const mapped = flags.map === undefined ? undefined : await loadMapping(flags.map, runtime.cwd);
  return {
    additions: {
      tags: parseTags(flags.tag ?? []),
      ...(flags.provider === undefined ? {} : { provider: flags.provider.toLowerCase() }),
      ...(time === undefined ? {} : { time }),
    },
    ...(flags.adapter === undefined ? {} : { adapter: flags.adapter }),
    ...(mapped === undefined ? {} : { mapped }),
  };
}

/** The folders of coding agents that are there. Throws UserError when none is. */
export async function presentAgents({ env, cwd }: Runtime): Promise<readonly AgentFolder[]> {
  const { agentFolders } = await import('../ingest/agent-folders.ts');
  const usual = agentFolders(env, cwd);
  const present = usual.filter(({ path }) => existsSync(path));
  if (present.length === 0)
    throw new UserError('no logs of coding agents found', {
      hint: `Looked for ${usual.map(({ path }) => path).join(', ')}.`,
    });
  return present;
}

async function loadMapping(file: string, cwd: string) {
  const [{ readMapping }, { mappedAdapter }] = await Promise.all([
    import('../config/mapping-file.ts'),
    import('../ingest/mapped-adapter.ts'),
  ]);
  const { mapping, text } = readMapping(resolve(cwd, file));
  return { adapter: mappedAdapter(mapping), text };
}
