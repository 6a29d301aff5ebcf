import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Deployments } from '../domain/deployments.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { tagKey } from '../domain/tags.ts';
import { UserError } from '../errors.ts';
import { deploymentsOf } from './deployments-map.ts';
import { SETTINGS_KEYS } from './settings-keys.ts';
import { type Problem, readYamlTree, treeReader } from './yaml-tree.ts';

/** What aicost.yaml says to every command; project-file.ts reads what it says of prompts. Paths are absolute. */
export interface Settings {
  readonly ledger?: string;
  /** Own rate cards: files or folders that go over the shipped ones. */
  readonly rates: readonly string[];
  readonly timezone?: string;
  /** The account's own names for models, by provider. */
  readonly deployments?: Deployments;
  /** Tags with a value of its own for nearly every call, under their usual names. */
  readonly identifiers?: readonly string[];
  /** Tags that are never to be taken for such. */
  readonly notIdentifiers?: readonly string[];
  /** Who owns spend: `tags`, `keys`, `hierarchy` and `owners`; absent where the file has none of them. */
  readonly tagRules?: TagRules;
}

const TAG_RULES = ['tags', 'keys', 'hierarchy', 'owners'] as const;

/** Reads aicost.yaml. Throws UserError, located, at its first problem. */
export async function readSettings(file: string): Promise<Settings> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read config ${file}`, {
      cause,
      hint: 'Name another with --config.',
    });
  }
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, file);
  // A file of comments only says nothing yet, which is allowed.
  const nothing = tree.kind === 'scalar' && tree.text === '';
  const fields = read.map(nothing ? undefined : tree, '', SETTINGS_KEYS);
  const version = fields.get('version');
  const form = read.text(version?.value, 'version');
  if (version !== undefined && form !== undefined && form !== '1')
    read.error(version.value.origin, `version: expected 1, found "${form}"`);
  const ledger = read.text(fields.get('ledger')?.value, 'ledger');
  const timezone = read.text(fields.get('timezone')?.value, 'timezone');
  const zone = fields.get('timezone');
  if (timezone !== undefined && zone !== undefined && !isTimeZone(timezone))
    read.error(
      zone.value.origin,
      `timezone: no such zone "${timezone}"; write one like Europe/Berlin`,
    );
  const rates = read.texts(fields.get('rates')?.value, 'rates');
  const deployments = deploymentsOf(read, fields.get('deployments')?.value);
  const tags = (name: string): readonly string[] =>
    read.texts(fields.get(name)?.value, name).map(tagKey);
  const [identifiers, notIdentifiers] = [tags('identifiers'), tags('not_identifiers')];
  const both = identifiers.find((key) => notIdentifiers.includes(key));
  const place = fields.get('not_identifiers');
  if (both !== undefined && place !== undefined)
    read.error(
      place.value.origin,
      `not_identifiers: "${both}" stands under identifiers too; leave it in one of them`,
    );
  // Most commands' files have no such rules, whose decoder takes a while to load.
  const tagRules = TAG_RULES.some((key) => fields.has(key))
    ? (await import('./tag-rules-file.ts')).tagRulesAt(read, fields, zoneOf(timezone))
    : undefined;
  const [first] = problems;
  if (first !== undefined) throw new UserError(first.message, { origin: first.origin });
  const here = (path: string): string => resolve(dirname(file), path);
  return {
    ...(ledger === undefined ? {} : { ledger: here(ledger) }),
    rates: rates.map(here),
    ...(identifiers.length === 0 ? {} : { identifiers }),
    ...(notIdentifiers.length === 0 ? {} : { notIdentifiers }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(deployments.size === 0 ? {} : { deployments }),
    ...(tagRules === undefined ? {} : { tagRules }),
  };
}

/** The zone of a rule's days. What a file says must not depend on the machine that reads it. */
const zoneOf = (timezone: string | undefined): string =>
  timezone !== undefined && isTimeZone(timezone) ? timezone : 'UTC';
