import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, worldOf } from '../support/processes.ts';
import { KEPT } from './corpus.ts';
import { ccusage, duckdb, type Peer } from './peers.ts';
import { type Command, measured, type Ran } from './process-run.ts';

/** How much to do. */
export interface Effort {
  /** Product events. */
  readonly events: number;
  /** Session files of agents. */
  readonly files: number;
  /** Runs of which the median is taken. */
  readonly rounds: number;
  /** Numbers of product events of the growth curve. */
  readonly sizes: readonly number[];
}

/** What the sections of the bench share: an empty folder as home, the peers, and commands to time. */
export class World {
  readonly effort: Effort;
  readonly folder = mkdtempSync(join(tmpdir(), 'aicost-bench-'));
  readonly #ledgers = new Map<number, string>();
  #duckdb: Peer | undefined;
  #ccusage: Peer | undefined;

  constructor(effort: Effort) {
    this.effort = effort;
  }

  /** DuckDB, installed when it is first asked for. */
  get duckdb(): Peer {
    return (this.#duckdb ??= duckdb(KEPT));
  }

  /** Native ccusage, installed when it is first asked for. */
  get ccusage(): Peer {
    return (this.#ccusage ??= ccusage(KEPT));
  }

  /** A path in the folder that is thrown away. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Any program, with this folder as home. */
  command(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Command {
    const world = { ...worldOf(this.folder), NO_COLOR: '1', AICOST_LEDGER: '', ...env };
    return { program, args, cwd: this.folder, env: world };
  }

  /** aicost as users start it. */
  aicost(...args: readonly string[]): Command {
    return this.command(process.execPath, [BIN, ...args]);
  }

  /** Statements that DuckDB is asked, in a process of its own. */
  duckdbCommand({ path }: { readonly path: string }, ...args: readonly string[]): Command {
    const script = join(import.meta.dirname, 'duckdb.js');
    return this.command(process.execPath, [script, path, ...args]);
  }

  /** Ingests a log of product events into a ledger of its own, and keeps it for those who ask for such a ledger. */
  async ingestFresh(log: string, events: number): Promise<Ran> {
    const ledger = this.path(`product-${events}.db`);
    removeDatabase(ledger);
    const ran = await measured(this.aicost('ingest', log, '--quiet', '--ledger', ledger));
    this.#ledgers.set(events, ledger);
    return ran;
  }

  /** The ledger of a log of product events: the one that was timed, or one made for it. */
  async ledgerOf(log: string, events: number): Promise<string> {
    if (!this.#ledgers.has(events)) await this.ingestFresh(log, events);
    return this.#ledgers.get(events) ?? '';
  }

  /** Throws the folder away. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Removes a database and what stands beside it. */
export function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm', '.wal']) rmSync(`${path}${end}`, { force: true });
}

/** Bytes of a database and of what stands beside it. */
export const bytesOf = (path: string): number =>
  readdirSync(join(path, '..'), { withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => file.startsWith(path))
    .reduce((sum, file) => sum + statSync(file).size, 0);
