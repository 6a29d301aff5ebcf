import { money } from '../domain/money.ts';
import { counted } from '../domain/words.ts';
import { alarmText } from './alarm-list.ts';
import { type Amount, NOTHING } from './amount.ts';
import type { Snapshot } from './snapshot.ts';
import { amountText, clockText } from './texts.ts';

/** What a pipe or a log of CI gets instead of a screen: one line for all that came since the last one. */
export function spendLine(snapshot: Snapshot, before: Snapshot | undefined): string {
  const { at, timeZone, today, month, pace, alarms } = snapshot;
  const came = before === undefined ? NOTHING : difference(today, before.today);
  const parts = [
    clockText(at, timeZone),
    ...(before === undefined
      ? []
      : [`+${counted(came.requests, 'call')} ${amountText(came, 'cost')}`]),
    `today ${amountText(today, 'cost')}`,
    `month ${amountText(month, 'cost')}`,
    ...(pace === undefined ? [] : [`pace ${amountText(pace, 'cost')}/h`]),
    ...alarms.map((alarm) => `! ${alarmText(alarm)}`),
  ];
  return parts.join('  ');
}

/** What today has more than before; a new day begins at nothing. */
function difference(now: Amount, before: Amount): Amount {
  if (now.requests < before.requests) return now;
  return {
    cost: money(now.cost - before.cost),
    requests: now.requests - before.requests,
    unrated: now.unrated - before.unrated,
    tokens: now.tokens - before.tokens,
  };
}
