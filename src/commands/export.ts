import { Command } from 'commander';
import type { Runtime } from '../runtime.ts';
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { filtersOf, type SelectionFlags, spanOf, withLedger, withSelection } from './flags.ts';
import { openSession } from './session.ts';

const CHUNK = 500;

/** `aicost export`: the ledger for other tools. */
export function exportCommand(runtime: Runtime): Command {
  const events = new Command('events')
    .summary('every event as one JSON object a line')
    .description(
      'Every event as one JSON object a line, oldest first. aicost ingest reads it\nback unchanged.',
    );
  withLedger(withRules(withSelection(events)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost export events --period last-month > events.jsonl
  $ aicost export events --where team=search | jq -s 'map(.usage.output) | add'`,
    )
    .action(async (flags: SelectionFlags & RuleFlags) => {
      const [session, { attributedRecord }, { jsonText }] = await Promise.all([
        openSession(runtime, flags),
        import('../reports/event-record.ts'),
        import('../render/json-text.ts'),
      ]);
      const selection = {
        span: spanOf(flags, runtime.now(), session.timeZone),
        where: filtersOf(flags.where),
        order: 'time',
      } as const;
      const logged = await session.openForReading();
      const ledger = await attributedLedger(logged, session.tagRules, {
        ...flags,
        cwd: runtime.cwd,
      });
      try {
        let lines: string[] = [];
        const flush = async (): Promise<void> => {
          runtime.out(lines.join(''));
          lines = [];
          await runtime.flushed();
        };
        for (const event of ledger.events(selection)) {
          lines.push(`${jsonText(attributedRecord(event, ledger.given(event)))}\n`);
          if (lines.length >= CHUNK) await flush();
        }
        await flush();
      } finally {
        ledger.close();
      }
    });
  return new Command('export')
    .description('Writes the ledger for other tools.')
    .addCommand(events)
    .addHelpText('after', `\nExample:\n  $ aicost export events --since 7d > events.jsonl`);
}
