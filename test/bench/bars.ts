import type { Bars } from './finding.ts';

/** The bars that this tool is held to on a quiet machine; ratios are of wall times within one run of the bench. */
export const BARS = {
  /** Of a million product events, against DuckDB reading them into a database file. */
  coldIngest: { bar: { of: 'ratio', most: 1.6 }, stretch: { of: 'ratio', most: 1 } },
  /** By feature, team, customer or day, against DuckDB grouping the log itself. */
  report: { bar: { of: 'ratio', most: 0.3 }, stretch: { of: 'ms', most: 150 } },
  /** Of 10,000 events to the ledger of a million. */
  append: { bar: { of: 'ms', most: 500 }, stretch: { of: 'ms', most: 250 } },
  /** A lever over a million events, the whole process. */
  whatif: { bar: { of: 'ms', most: 3_000 }, stretch: { of: 'ms', most: 2_000 } },
  /** Of any ingest, whatever the size. */
  memory: { bar: { of: 'MB', most: 256 }, stretch: { of: 'MB', most: 160 } },
  /** Logs never read before, against native ccusage. */
  agentsCold: { bar: { of: 'ratio', most: 1.2 }, stretch: { of: 'ratio', most: 1 } },
  /** Logs read before, against native ccusage. */
  agentsWarm: { bar: { of: 'ratio', most: 0.3 }, stretch: { of: 'ratio', most: 0.15 } },
  /** `--help` and `--version`, against `node -e 0`. */
  start: { bar: { of: 'ratio', most: 2.5 }, stretch: { of: 'ratio', most: 2 } },
} as const satisfies Readonly<Record<string, Bars>>;
