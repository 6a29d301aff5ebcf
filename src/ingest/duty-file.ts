import { DUTY_DECIMALS, type DutySample } from '../domain/duty-cycles.ts';
import { parseDecimal, rescale } from '../domain/money.ts';
import { type Origin, quote, UserError } from '../errors.ts';
import {
  type ColumnNames,
  columnAmong,
  type MeasuredFile,
  measuredRows,
  measuredTime,
  missingColumn,
} from './measured-csv.ts';

/** What duty is written in: hundredths of always, or parts of one. */
export type DutyUnit = 'percent' | 'share';

// container_ip, value and timestamp_anon as in the Alibaba GenAI serving trace of 2026,
// https://github.com/alibaba/clusterdata/tree/master/cluster-trace-v2026-GenAI (read 2026-11-22).
const POD: ColumnNames = [
  'pod',
  'pod_name',
  'pod_id',
  'container',
  'container_id',
  'container_ip',
  'instance',
  'hostname',
  'gpu',
  'uuid',
];
const DUTY: ColumnNames = [
  'duty',
  'duty_cycle',
  'gpu_duty_cycle',
  'utilisation',
  'utilization',
  'gpu_utilisation',
  'gpu_utilization',
  'gpu_util',
  'dcgm_fi_dev_gpu_util',
  'value',
];
const TIME: ColumnNames = ['time', 'timestamp', 'timestamp_anon', 'ts', 'date'];

/** Hands over every sample of a CSV, and says how many rows had none. Throws UserError, located. */
export async function readDutySamples(
  file: MeasuredFile,
  unit: DutyUnit,
  take: (sample: DutySample) => void,
): Promise<{ readonly empty: number }> {
  let empty = 0;
  let seen: readonly string[] = [];
  for await (const { header, rows } of measuredRows(file)) {
    seen = header;
    const [pod, duty, time] = [POD, DUTY, TIME].map((names) => columnAmong(header, names));
    if (pod === undefined) throw missingColumn(file, POD, header);
    if (duty === undefined) throw missingColumn(file, DUTY, header);
    for (const { origin, cell } of rows) {
      const [name, written, when] = [cell(pod), cell(duty), cell(time ?? '')];
      if (isMissing(name) || isMissing(written)) {
        empty += 1;
        continue;
      }
      take({
        pod: name,
        duty: dutyOf(written, unit, origin),
        ...(isMissing(when) ? {} : { second: secondOf(when, origin) }),
      });
    }
  }
  if (seen.length === 0) throw missingColumn(file, POD, []);
  return { empty };
}

/** Whether a cell holds nothing, also in the words of other tools. */
const isMissing = (text: string | undefined): text is undefined =>
  text === undefined || /^(null|none|nan|n\/a)$/i.test(text);

function dutyOf(written: string, unit: DutyUnit, origin: Origin): bigint {
  const percent = written.endsWith('%') || unit === 'percent';
  const decimal = parseDecimal(written.replace(/\s*%$/, ''));
  const most = percent ? 100n : 1n;
  if (
    decimal === undefined ||
    decimal.digits < 0n ||
    decimal.digits > most * 10n ** BigInt(decimal.scale)
  )
    throw new UserError(
      `duty: expected ${percent ? 'a percentage from 0 to 100' : 'a share from 0 to 1'}, found ${quote(written)}`,
      { origin, ...(percent ? {} : { hint: 'Use --unit percent for percentages.' }) },
    );
  const share = percent ? { ...decimal, scale: decimal.scale + 2 } : decimal;
  return rescale(share, DUTY_DECIMALS);
}

/** Seconds of a sample: a time, or seconds since any beginning, as traces without a calendar have them. */
function secondOf(written: string, origin: Origin): number {
  if (/^-?\d{1,10}(\.\d+)?$/.test(written)) return Math.floor(Number(written));
  return Math.floor(measuredTime(written, origin) / 1000);
}
