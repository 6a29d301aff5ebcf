import { Command } from 'commander';
import { UserError } from '../errors.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { CardsInForce } from '../ledger/rated-cards.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';
import type { RateBook } from '../domain/rate-book.ts';
import type { Provenance } from '../reports/explain-report.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withLedger, withOutput } from './flags.ts';
import { shownPath } from './places.ts';
import type { Money } from '../domain/money.ts';
import type { NegotiatedCosts } from '../reports/explain-report.ts';
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { printAnswer } from './print-answer.ts';
import { openSession, type Session } from './session.ts';

/** `aicost explain`: one event down to quantities, card rows, sources, file and line. */
export function explainCommand(runtime: Runtime): Command {
  const command = new Command('explain')
    .description(
      'One event down to its quantities, the card rows that priced it with their\nsources, and the file and line it was read from.',
    )
    .argument(
      '<event>',
      'id of an event, or the beginning of one (aicost top and export events show ids)',
    );
  return withOutput(withLedger(withRules(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost explain chatcmpl-A1
  $ aicost explain msg_01 --format json`,
    )
    .action(async (id: string, flags: OutputFlags & RuleFlags) => {
      const [session, { explainReport }] = await Promise.all([
        openSession(runtime, flags),
        import('../reports/explain-report.ts'),
      ]);
      const logged = await session.openForReading();
      const ledger = await attributedLedger(logged, session.tagRules, {
        ...flags,
        cwd: runtime.cwd,
      });
      try {
        const found = oneEvent(ledger, id);
        const file = found.file === null ? null : shownPath(found.file, runtime.cwd);
        const stored = { ...found, file };
        const { book } = await session.rateBook();
        const negotiated = await negotiatedCosts(stored, session, ledger, runtime.now());
        const provenance = provenanceOf(stored, book, ledger.ratedCards());
        const given = ledger.given(found);
        await printAnswer(explainReport(stored, provenance, negotiated, given), flags, runtime);
      } finally {
        ledger.close();
      }
    });
}

/** What contracts and own hardware make of an event's cost; nothing when they do not reach it. */
async function negotiatedCosts(
  stored: StoredEvent,
  session: Session,
  ledger: LedgerToRead,
  now: number,
): Promise<NegotiatedCosts | undefined> {
  const { rate } = stored;
  if (rate.kind === 'not-billable') return undefined;
  const { pool } = rate;
  const terms = rate.kind === 'rated' ? (rate.terms ?? []) : [];
  const commit = rate.kind === 'rated' ? rate.commit : undefined;
  if (terms.length === 0 && pool === undefined && commit === undefined) return undefined;
  const [{ openCostView, settledEvent }, { costOf }] = await Promise.all([
    import('./cost-view.ts'),
    import('../reports/event-record.ts'),
  ]);
  const costIn = async (kind: 'contracted' | 'effective'): Promise<Money | undefined> =>
    costOf(settledEvent(await openCostView(kind, session, ledger, now), stored));
  return {
    terms,
    pool: pool?.id,
    commit,
    contracted: await costIn('contracted'),
    effective: await costIn('effective'),
  };
}

const SHOWN = 5;

/** The event of an id, or of the only id that begins so. Throws UserError. */
function oneEvent(ledger: LedgerToRead, id: string): StoredEvent {
  const all = { span: {}, where: [], order: 'time' } as const;
  const [exact] = ledger.events({ ...all, id });
  if (exact !== undefined) return exact;
  const found = [...ledger.events({ ...all, idBegins: id, limit: SHOWN + 1 })];
  const [only, other] = found;
  if (only === undefined)
    throw new UserError(`no event with the id "${id}"`, {
      hint: 'aicost top and aicost export events show ids.',
    });
  if (other === undefined) return only;
  const names = found.slice(0, SHOWN).map(({ key }) => key);
  throw new UserError(
    `several events begin with "${id}": ${names.join(', ')}${found.length > SHOWN ? ', ...' : ''}`,
    { hint: 'Give more of the id.' },
  );
}

function provenanceOf(
  { rate }: StoredEvent,
  book: RateBook,
  cards: CardsInForce | undefined,
): Provenance | undefined {
  if (rate.kind !== 'rated') return undefined;
  return {
    identity: cards?.byProvider.find(({ provider }) => provider === rate.provider),
    card: book.place(rate.provider, rate.model, rate.from) ?? 'not in the card any more',
    status: rate.status,
    steps: rate.steps,
    sources: rate.sources.map((name) => {
      const source = book.source(rate.provider, name);
      const text =
        source === undefined
          ? 'not in the card any more'
          : `${source.url ?? source.note ?? ''} (read ${source.read})`;
      return { name, text };
    }),
  };
}
