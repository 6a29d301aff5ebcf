import { counted } from '../domain/words.ts';
import { moneyDecimals, moneyDisplay } from '../render/money-display.ts';
import { wrapWords } from '../render/text-width.ts';
import { cleanText } from '../render/clean-text.ts';
import type { Alarm } from './alarms.ts';
import { type Line, piece } from './lines.ts';

/** What an alarm says, in a sentence. Text of logs is clean in it. */
export function alarmText(alarm: Alarm): string {
  switch (alarm.kind) {
    case 'retry-loop': {
      const { run, step, model, attempts, failures, errorCode } = alarm.loop;
      const where = `run ${cleanText(run)}${step === undefined ? '' : `, step ${cleanText(step)}`}`;
      const error = errorCode === undefined ? '' : ` (${cleanText(errorCode)})`;
      return `retry loop: ${where}: ${attempts} attempts of ${cleanText(model)} in 10 minutes, the last ${counted(failures, 'call')} failed${error}`;
    }
    case 'spike': {
      const decimals = moneyDecimals([alarm.cost, alarm.usual]);
      return `spike: ${moneyDisplay(alarm.cost, decimals)} this hour; usual by now is ${moneyDisplay(alarm.usual, decimals)}`;
    }
    case 'unrated':
      return `no price: ${counted(alarm.requests, 'request')} today: ${cleanText(alarm.message)}`;
    case 'untagged':
      return `untagged: ${alarm.now}% of today's spend has no ${alarm.tag}; ${alarm.before}% in the 7 days before`;
  }
}

/** Every alarm behind a mark, its words on as many lines as they need. */
export function alarmLines(
  alarms: readonly Alarm[],
  { width, from }: { readonly width: number; readonly from: number },
): readonly Line[] {
  if (alarms.length === 0) return [[piece('nothing unusual', 'faint')]];
  return alarms
    .slice(from)
    .flatMap((alarm) =>
      wrapWords(alarmText(alarm), Math.max(1, width - 2)).map((text, index): Line => [
        piece(index === 0 ? '! ' : '  ', 'warning'),
        piece(text),
      ]),
    );
}
