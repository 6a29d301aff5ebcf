import type { Settings } from '../config/settings.ts';
import type { HardwarePool } from '../domain/own-hardware.ts';
import type { Overlays } from '../domain/overlays.ts';
import type { RateBook } from '../domain/rate-book.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { UserError } from '../errors.ts';
import type { CardsInForce } from '../ledger/rated-cards.ts';
import { printable } from '../printable.ts';
import type { Runtime } from '../runtime.ts';
import { type LedgerOpening, ledgerOpening } from './ledger-opening.ts';
import { findUpward, ledgerPath } from './places.ts';
import { ratesInForce } from './rates-in-force.ts';
import { resolve } from 'node:path';

/** Flags that every command with a ledger takes, as commander hands them over. */
export interface CommonFlags {
  readonly ledger?: string;
  readonly config?: string;
  readonly rates?: readonly string[];
  readonly timezone?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** One command's view of the user's choices; loads config, cards and ledger only when asked. */
export interface Session extends LedgerOpening {
  readonly timeZone: string;
  readonly ledgerPath: string;
  rateBook(): Promise<{ readonly book: RateBook; readonly cards: CardsInForce }>;
  /** Who owns spend, as aicost.yaml says; `undefined` where it says nothing of it. */
  readonly tagRules: TagRules | undefined;
  /** Contracts and own hardware in force. */
  overlays(): Promise<Overlays>;
  /** Own or rented machines in force, whether a model runs on them or not. */
  hardwarePools(): Promise<readonly HardwarePool[]>;
  /** A line for people on stderr, unless --quiet. */
  say(line: string): void;
}

/** Gathers flags, environment and aicost.yaml. Throws UserError for what does not fit. */
export async function openSession(runtime: Runtime, flags: CommonFlags): Promise<Session> {
  const settings = await settingsFor(runtime, flags);
  const asked = flags.timezone ?? settings.timezone;
  if (asked !== undefined && !isTimeZone(asked))
    throw new UserError(`--timezone: no such zone "${asked}"`, {
      hint: 'Write one like UTC, Europe/Berlin or Asia/Kathmandu.',
    });
  const own = [...settings.rates, ...(flags.rates ?? []).map((path) => resolve(runtime.cwd, path))];
  const path = ledgerPath(runtime, flags.ledger, settings.ledger);
  const say = (line: string): void => {
    if (flags.quiet !== true) runtime.err(printable(`${line}\n`));
  };
  const identifiers = {
    always: settings.identifiers ?? [],
    never: settings.notIdentifiers ?? [],
  };
  const rates = ratesInForce(own, runtime, settings.deployments);
  return {
    // Finding the zone of the system takes a while, and not every command cuts days.
    get timeZone() {
      return asked ?? runtime.timeZone;
    },
    ledgerPath: path,
    tagRules: settings.tagRules,
    say,
    rateBook: () => rates.book(),
    overlays: rates.overlays,
    hardwarePools: rates.hardwarePools,
    ...ledgerOpening(path, rates, { now: runtime.now, identifiers, say }),
  };
}

async function settingsFor(runtime: Runtime, flags: CommonFlags): Promise<Settings> {
  const file =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  if (file === undefined) return { rates: [] };
  const { readSettings } = await import('../config/settings.ts');
  return readSettings(file);
}
