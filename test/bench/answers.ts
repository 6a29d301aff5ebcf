// Two sides have the same answer when every group has the same counts of tokens. A timing without that counts for nothing.

/** Counts by group; a group without a name is `''`. */
export type Answer = ReadonlyMap<string, string>;

const COUNTS = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
] as const;

type Row = Readonly<Record<string, unknown>>;

/** Of `aicost report --format json`. */
export const answerOfReport = (json: string, key: string): Answer => {
  const { rows }: { rows: readonly Row[] } = JSON.parse(json);
  return grouped(rows, key, ['requests', ...COUNTS]);
};

/** As answerOfReport, without the number of requests, which ccusage does not tell. */
export const tokensOfReport = (json: string, key: string): Answer => {
  const { rows }: { rows: readonly Row[] } = JSON.parse(json);
  return grouped(rows, key, COUNTS);
};

/** Of the rows that DuckDB gives for `select ${DUCKDB_COUNTS}`. */
export const answerOfDuckdb = (json: string): Answer =>
  grouped(JSON.parse(json), 'name', ['requests', ...COUNTS]);

/** The columns that answerOfDuckdb reads, but for the name of the group. */
export const DUCKDB_COUNTS = [
  'count(*) as requests',
  ...COUNTS.map((count) => `coalesce(sum(${count}), 0)::bigint as ${count}`),
].join(', ');

/** Of `ccusage claude daily --json`. */
export const answerOfCcusage = (json: string): Answer => {
  const { daily }: { daily: readonly Row[] } = JSON.parse(json);
  return grouped(daily, 'date', [
    'inputTokens',
    'cacheReadTokens',
    'cacheCreationTokens',
    'outputTokens',
  ]);
};

const grouped = (rows: readonly Row[], key: string, counts: readonly string[]): Answer =>
  new Map(
    rows.map((row) => [textOf(row[key]), counts.map((count) => textOf(row[count])).join(' ')]),
  );

/** Counts are numbers here and text in JSON of DuckDB, whose sums may be larger; both are written alike. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : '';

/** The first group in which two answers differ; absent when they are the same. */
export function difference(ours: Answer, theirs: Answer): string | undefined {
  if (ours.size === 0) return 'aicost gave no rows';
  for (const name of new Set([...ours.keys(), ...theirs.keys()]))
    if (ours.get(name) !== theirs.get(name))
      return `"${name}" is ${ours.get(name) ?? 'missing'} here and ${theirs.get(name) ?? 'missing'} there`;
  return undefined;
}
