import { call, desk, type Desk, jsonl } from './fake-runtime.ts';
import { cardText } from './ledgers.ts';

/** A call of acme's anvil, which costs 1.00 a million in: so many tokens, tagged, in October. */
export const anvil = (
  id: string,
  tokens: number,
  tags: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> =>
  call({
    id,
    time: '2026-10-05T10:00:00Z',
    provider: 'acme',
    model: 'anvil',
    input_tokens: tokens,
    output_tokens: 0,
    tags,
    ...more,
  });

/** October: search 6.00 in 2 requests, support 3.00 in 1, and 1.00 of nobody. */
const OCTOBER_CALLS = [
  anvil('s1', 4_000_000, { team: 'search', customer: 'acorn' }),
  anvil('s2', 2_000_000, { team: 'search', customer: 'birch' }),
  anvil('p1', 3_000_000, { team: 'support', customer: 'acorn' }),
  anvil('u1', 1_000_000, {}),
];

/** What every rule needs beside what it does. */
export const ANSWERED =
  'owner: ana@example.com, review_every: 90d, last_reviewed: 2026-10-01, evidence: docs/split.md#gpu';

/** What tests read of `aicost allocate --format json`. */
export interface AllocatedAnswer {
  readonly rows: readonly {
    readonly team?: string | null;
    readonly feature?: string | null;
    readonly kind: string;
    readonly direct_usd: string;
    readonly allocated_usd: string;
    readonly total_usd: string;
    readonly confidence: string;
    readonly requests: number;
  }[];
  readonly confidence: Readonly<Record<string, string | number>>;
  readonly total_usd: string;
  readonly reported_usd: string;
  readonly beside_calls_usd: string;
  readonly pools: readonly Readonly<Record<string, unknown>>[];
  readonly allocations: readonly {
    readonly pool: string;
    readonly via: string | null;
    readonly to: string;
    readonly amount_usd: string;
    readonly AllocatedMethodId: string | null;
    readonly AllocatedMethodDetails: {
      readonly Elements: readonly {
        readonly AllocatedRatio: string;
        readonly UsageUnit: string;
        readonly UsageQuantity: string;
      }[];
    } | null;
    readonly AllocatedTags: Readonly<Record<string, string | null>>;
    readonly evidence: readonly string[];
  }[];
  readonly loads: readonly Readonly<Record<string, unknown>>[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** A desk whose ledger has calls of October, under acme's card, and rules of its own. */
export interface AllocationDesk extends Desk {
  /** Writes aicost.yaml with these lines under `allocation:`. */
  readonly rules: (allocation: string) => void;
  /** The answer of `aicost allocate --period 2026-10`, with its exit code. */
  readonly allocated: (
    ...argv: string[]
  ) => Promise<{ readonly code: number; readonly answer: AllocatedAnswer }>;
  /** Each row as `team total`, idle and the like by their kind. */
  readonly totals: (...argv: string[]) => Promise<readonly string[]>;
}

/** Lays the desk, with more files of rates in it. */
export async function allocationDesk(
  calls: readonly unknown[] = OCTOBER_CALLS,
  files: Readonly<Record<string, string>> = {},
): Promise<AllocationDesk> {
  const here = desk();
  here.write('rates/acme.yaml', cardText('acme', { anvil: { input: '1.00', output: '4.00' } }));
  // Before the ingest: what changes prices afterwards makes it rate all again.
  for (const [name, text] of Object.entries(files)) here.write(name, text);
  const config = (allocation: string): void =>
    void here.write('aicost.yaml', `rates: rates\nallocation:\n${allocation}`);
  config('  pools: {}\n');
  await here.must('ingest', here.write('calls.jsonl', jsonl(...calls)));
  const allocated: AllocationDesk['allocated'] = async (...argv) => {
    const { code, out, err } = await here.aicost(
      'allocate',
      '--period',
      '2026-10',
      '--format',
      'json',
      ...argv,
    );
    if (out === '') throw new Error(err);
    return { code, answer: JSON.parse(out) };
  };
  return {
    ...here,
    rules: config,
    allocated,
    totals: async (...argv) =>
      (await allocated(...argv)).answer.rows.map(
        ({ team, kind, total_usd }) => `${team ?? `(${kind})`} ${total_usd}`,
      ),
  };
}
