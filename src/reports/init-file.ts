import { added, callsOf, NO_CALLS, type Sum } from '../domain/coverage.ts';
import { moneyText } from '../domain/money.ts';
import { tagNamed } from '../domain/required-tags.ts';
import { shareText } from '../domain/share-text.ts';
import { counted } from '../domain/words.ts';
import { yamlComment, yamlText } from '../domain/yaml-text.ts';
import { type AuditSubject, dearestFirst } from './audit-section.ts';
import { proposedValues } from './audit-values.ts';
import { virtualTagLines } from './virtual-tags-yaml.ts';

/** What is written down beside what a ledger shows. */
export interface InitOptions {
  /** Path of the ledger as the file should name it, where somebody asked for one. */
  readonly ledger?: string;
  /** The zone that somebody asked for. */
  readonly timeZone?: string;
  /** Only this workflow has to carry tags, to begin with. */
  readonly workflow?: string;
}

/** Tags that calls may be held to, the ones that chargeback needs first. */
const CANDIDATES = [
  'feature',
  'team',
  'customer',
  'env',
  'product',
  'project',
  'tenant',
  'workflow',
  'agent',
];
/** What is asked for where no tag is on most of the spend. */
const USUAL = ['feature', 'team'];
/** Keys, teams and values of a tag that are written down. */
const MOST_LISTED = 10;

/** Text of an aicost.yaml for what a ledger holds; `undefined` stands for no ledger yet. */
export function initFile(subject: AuditSubject | undefined, options: InitOptions): string {
  const blocks = [
    head(options),
    tagsBlock(subject, options),
    subject === undefined ? [] : allowedBlock(subject),
    keysBlock(subject),
    ownersBlock(subject),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const head = ({ ledger, timeZone }: InitOptions): readonly string[] => [
  '# What aicost knows of this project beside its logs. Every part may be left out;',
  '# what is written here is applied when reading, and the ledger stays as it is.',
  '# Editors complete it after aicost init --schema > aicost.schema.json with the line',
  '# "# yaml-language-server: $schema=aicost.schema.json" at the top.',
  'version: 1',
  ...(ledger === undefined ? [] : [`ledger: ${yamlText(ledger)}`]),
  timeZone === undefined
    ? '# timezone: Europe/Berlin   # zone of days and months; the machine has its own'
    : `timezone: ${yamlText(timeZone)}`,
];

/** A tag with the part of the spend that carries it. */
interface Carried {
  readonly key: string;
  readonly share: string;
  readonly most: boolean;
}

function carriedTags({ ask, tagKeys }: AuditSubject): readonly Carried[] {
  return CANDIDATES.filter((key) => tagKeys.includes(key)).flatMap((key) => {
    const { rows } = ask({ by: [tagNamed(key)] });
    let [all, carried] = [0n, 0n];
    // Where nothing has a price, calls have to tell.
    const weigh = rows.some(({ cost }) => cost > 0n)
      ? ({ cost }: Sum): bigint => cost
      : ({ requests }: Sum): bigint => requests;
    for (const row of rows) {
      all += weigh(row);
      if (row.key[0] !== null) carried += weigh(row);
    }
    const share = shareText(carried, all);
    return carried === 0n || share === undefined ? [] : [{ key, share, most: carried * 2n >= all }];
  });
}

function tagsBlock(
  subject: AuditSubject | undefined,
  { workflow }: InitOptions,
): readonly string[] {
  const carried = subject === undefined ? [] : carriedTags(subject);
  const most = carried
    .filter(({ key, most: isMost }) => isMost && (workflow === undefined || key !== 'workflow'))
    .map(({ key }) => key);
  const required = most.length === 0 ? USUAL : most;
  const seen = carried.map(({ key, share }) => `${key} ${share}`).join(', ');
  const why =
    subject === undefined
      ? ['  # What every call has to say of itself; aicost audit measures it.']
      : most.length === 0
        ? ['  # Hardly a call carries an owner tag yet; these two are where most begin.']
        : ['  # What most of the spend carries already, so every call has to.'];
  const keys = `[${required.map(yamlText).join(', ')}]`;
  const proposed = subject === undefined ? [] : proposedValues(subject);
  return [
    'tags:',
    ...why,
    ...(seen === '' ? [] : [`  # Of the spend carry: ${seen}.`]),
    ...(workflow === undefined
      ? [`  required: ${keys}`]
      : [
          '  # One workflow to begin with; the others follow under required:.',
          '  required_where:',
          `    - where: [${yamlText(`workflow=${workflow}`)}]`,
          `      keys: ${keys}`,
        ]),
    ...(proposed.length === 0
      ? []
      : [
          '  # Values that look like one. Look through them: each line is a guess.',
          '  virtual:',
          ...virtualTagLines(proposed).map((line) => `    ${line}`),
        ]),
    '  # Calls without a tag may take it from others of their run, session or key:',
    '  # infer: [run, session, api_key]',
  ];
}

/** What the values of a tag mean, by spend. Those that look like one are one. */
function dearest(subject: AuditSubject, key: string): readonly (readonly [string, Sum])[] {
  const proposed = proposedValues(subject).filter(({ tag }) => tag === key);
  const means = new Map(proposed.map(({ value, means: to }) => [value, to]));
  const found = new Map<string, Sum>();
  for (const row of subject.ask({ by: [tagNamed(key)] }).rows) {
    const written = row.key[0] ?? null;
    if (written === null) continue;
    const value = means.get(written) ?? written;
    found.set(value, added(found.get(value) ?? NO_CALLS, callsOf(row)));
  }
  return dearestFirst(
    [...found],
    ([, calls]) => calls,
    ([value]) => value,
  );
}

function allowedBlock(subject: AuditSubject): readonly string[] {
  const lines = ['env', 'team']
    .filter((key) => subject.tagKeys.includes(key))
    .flatMap((key) => {
      const listed = dearest(subject, key).map(([value]) => value);
      return listed.length === 0 || listed.length > MOST_LISTED
        ? []
        : [`  #   ${key}: [${listed.map(yamlText).join(', ')}]`];
    });
  if (lines.length === 0) return [];
  return ['  # With this, any other value counts as missing:', '  # allowed:', ...lines];
}

const beside = ({ requests, cost, unrated }: Sum): string =>
  `${counted(requests, 'call')}${unrated === requests && requests > 0n ? '' : `, $${cents(cost)}`}`;

/** Dollars for a comment, cut to the cent. */
const cents = (cost: Sum['cost']): string => {
  const [whole = '0', fraction = ''] = moneyText(cost).split('.');
  return `${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`;
};

function keysBlock(subject: AuditSubject | undefined): readonly string[] {
  const keys = subject === undefined ? [] : dearest(subject, 'api_key');
  const shown = keys.slice(0, MOST_LISTED);
  const examples: readonly (readonly [string, Sum])[] =
    shown.length === 0 ? [['checkout-prod', NO_CALLS]] : shown;
  return [
    '# What the calls of a key are for, where they do not say it themselves. Take away',
    '# the # of keys: and of the entries that you fill in.',
    '# keys:',
    ...examples.flatMap(([key, calls]) => [
      `#   - api_key: ${yamlComment(yamlText(key))}${calls.requests === 0n ? '' : `   # ${beside(calls)}`}`,
      '#     set: {team: , feature: }',
    ]),
    ...(keys.length > shown.length
      ? [`#   # ${counted(keys.length - shown.length, 'more key')}: aicost report --by api_key`]
      : []),
  ];
}

/** No condition holds a NUL, since the ledger cuts texts there. */
const isCondition = ([value]: readonly [string, Sum]): boolean => !value.includes('\0');

function ownersBlock(subject: AuditSubject | undefined): readonly string[] {
  const teams =
    subject === undefined ? [] : dearest(subject, 'team').filter(isCondition).slice(0, MOST_LISTED);
  const examples: readonly (readonly [string, Sum])[] =
    teams.length === 0 ? [['search', NO_CALLS]] : teams;
  return [
    '# Whom to ask about spend; the first rule that fits decides.',
    '# owners:',
    ...examples.flatMap(([team, calls]) => [
      `#   - where: [${yamlComment(yamlText(`team=${team}`))}]${calls.requests === 0n ? '' : `   # ${beside(calls)}`}`,
      '#     owner:',
    ]),
  ];
}
