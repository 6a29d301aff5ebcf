import { resolve } from 'node:path';
import { money } from '../domain/money.ts';
import { monthScale } from '../domain/month-scale.ts';
import { createNameResolver } from '../domain/name-resolution.ts';
import { createRateBook } from '../domain/rate-book.ts';
import type { Filter, Span } from '../domain/spend.ts';
import { localDay, startOfLocalDay } from '../domain/time-zone.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { Answer, Json } from '../reports/answer.ts';
import { whatifReport } from '../reports/whatif-report.ts';
import type { Runtime } from '../runtime.ts';
import type { Lever, LeverAsked, LeverWorld, ListPrices } from '../whatif/lever-contract/lever.ts';
import { runPlan } from '../whatif/run.ts';
import { loadCards } from './rates-cards.ts';
import type { Session } from './session.ts';
import type { WhatifFlags } from './whatif-lever.ts';
import { openSelection } from './whatif-selection.ts';

/** Runs a lever over the ledger and says what it would change. Throws UserError. */
export async function runLever(
  lever: Lever,
  asked: LeverAsked,
  flags: WhatifFlags,
  {
    runtime,
    given,
  }: { readonly runtime: Runtime; readonly given: { readonly [flag: string]: Json } },
): Promise<Answer> {
  const { session, span, where, ledger } = await openSelection(flags, runtime);
  const { timeZone } = session;
  try {
    const world = await leverWorld({ span, where }, { flags, session, ledger, runtime });
    const plan = await lever.plan(asked, world);
    const by = flags.by ?? [];
    const share = flags.share?.value ?? { part: 1n, over: 1n };
    const result = runPlan(plan, { by, share }, world);
    const extent = world.ledger.extent();
    const cards = ledger.ratedCards() ?? { asOf: '', digest: '' };
    const { rows, books } = ledger.spend({ span, where, by: [], timeZone });
    const cost = money(rows.reduce((sum, row) => sum + row.cost, 0n));
    return whatifReport(result, {
      lever: lever.name,
      asked: given,
      span,
      timeZone,
      by,
      month: extent && monthScale(lengthOf(span, extent, timeZone, runtime.now())),
      cards,
      ...(cost === result.total.before ? {} : { reported: { cost, closed: books.closed } }),
      ...(flags.share === undefined ? {} : { share: flags.share.text }),
      ...(flags.minSaving === undefined ? {} : { minSaving: flags.minSaving }),
    });
  } finally {
    ledger.close();
  }
}

/** All that levers may look at. */
export async function leverWorld(
  { span, where }: { readonly span: Span; readonly where: readonly Filter[] },
  {
    flags,
    ledger,
    runtime,
  }: {
    readonly flags: WhatifFlags;
    readonly session: Session;
    readonly ledger: LedgerToRead;
    readonly runtime: Runtime;
  },
): Promise<LeverWorld> {
  return {
    ...(await pricesOf(runtime, flags)),
    countingRules: async () => (await import('../config/counting-rules.ts')).shippedCountingRules(),
    ledger: await ledger.replaying(),
    span,
    where,
    now: runtime.now(),
    pricesAt: (path) => pricesOf(runtime, { ...flags, rates: [...(flags.rates ?? []), path] }),
    routesAt: async (path) => {
      const { readRoutePolicy } = await import('../config/route-policy-file.ts');
      return readRoutePolicy(resolve(runtime.cwd, path));
    },
  };
}

async function pricesOf(runtime: Runtime, flags: WhatifFlags): Promise<ListPrices> {
  const { cards, deployments } = await loadCards(runtime, flags);
  return {
    cards,
    book: createRateBook(cards, undefined, deployments),
    resolve: createNameResolver(cards, deployments ?? new Map()),
  };
}

/** How long requests ran, milliseconds: up to now within their span; whole days of the zone where it has no bound. */
export function lengthOf(
  { start, end }: Span,
  { first, last }: { readonly first: number; readonly last: number },
  timeZone: string,
  now: number,
): number {
  const from = start ?? startOfLocalDay(timeZone, localDay(timeZone, first));
  const to = end ?? startOfLocalDay(timeZone, localDay(timeZone, last) + 1);
  return Math.max(0, (end === undefined ? to : Math.min(to, Math.max(now, from))) - from);
}
