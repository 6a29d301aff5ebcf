import { join } from 'node:path';

/** A folder in which a coding agent keeps its logs. */
export interface AgentFolder {
  readonly agent: string;
  readonly path: string;
}

/**
 * Where coding agents keep their logs, whether or not they are there: each agent's own variable, else
 * its usual folder in the home folder, which on Windows is USERPROFILE. `cwd` stands in for no home.
 */
export function agentFolders(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): readonly AgentFolder[] {
  const named = (name: string): string | undefined =>
    env[name] === undefined || env[name].trim() === '' ? undefined : env[name].trim();
  const home = named('HOME') ?? named('USERPROFILE') ?? cwd;
  const config = named('XDG_CONFIG_HOME') ?? join(home, '.config');
  const data = named('XDG_DATA_HOME') ?? join(home, '.local', 'share');
  const claude = named('CLAUDE_CONFIG_DIR')?.split(',') ?? [
    join(config, 'claude'),
    join(home, '.claude'),
  ];
  const codex = named('CODEX_HOME') ?? join(home, '.codex');
  const opencode = named('OPENCODE_DATA_DIR') ?? join(data, 'opencode');
  const folders: readonly (readonly [string, string])[] = [
    ...claude.map((folder) => ['Claude Code', join(folder.trim(), 'projects')] as const),
    ['Codex', join(codex, 'sessions')],
    ['Codex', join(codex, 'archived_sessions')],
    ['Gemini CLI', join(home, '.gemini', 'tmp')],
    ['opencode', join(opencode, 'storage', 'message')],
  ];
  return folders.map(([agent, path]) => ({ agent, path }));
}
