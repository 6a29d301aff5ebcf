import { call, desk, jsonl } from './fake-runtime.ts';

// gpt-4o-mini costs $0.15 in and $0.60 out per million tokens: 1 M in and 1 M out are 0.75.
/** A call that costs so many times 0.75, made on a day. */
export const cost = (times: number, day: string, tags: Readonly<Record<string, string>>) =>
  call({
    time: `${day}T09:00:00Z`,
    input_tokens: times * 1_000_000,
    output_tokens: times * 1_000_000,
    tags,
  });

// One home for all ledgers: rate cards are compiled once.
/** Where all ledgers and the rules that they are read by lie. */
export const home = desk();
let ledgers = 0;

/** A ledger of calls, and commands that read it. */
export async function ledgerOf(...calls: readonly unknown[]) {
  const name = `ledger-${(ledgers += 1)}`;
  const use = ['--ledger', `${name}.db`];
  await home.must('ingest', home.write(`${name}.jsonl`, jsonl(...calls)), ...use);
  const audit = (...argv: string[]) => home.aicost('audit', ...argv, ...use);
  return {
    /** An audit, however it ends. */
    audit,
    /** What any command prints that ends well. */
    aicost: (...argv: string[]) => home.must(...argv, ...use),
    /** The sections asked for as programs read them; all where none is. */
    shown: async (sections: string, ...argv: string[]) =>
      JSON.parse((await audit('--format', 'json', '--show', sections, ...argv)).out),
    /** All that somebody should look into. */
    findings: async (): Promise<readonly Record<string, unknown>[]> =>
      JSON.parse((await audit('--format', 'json')).out).findings,
    /** An audit on a screen of so many columns. */
    at: (columns: number, ...argv: string[]) =>
      home.aicostIn({ columns }, 'audit', ...argv, ...use),
  };
}
/** What ledgerOf makes. */
export type Ledger = Awaited<ReturnType<typeof ledgerOf>>;
