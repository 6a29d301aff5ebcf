import { nearest } from '../domain/nearest.ts';
import { type Origin, quote } from '../errors.ts';
import { throwFirst } from './project-file.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

/** A value with its place. */
export interface Written {
  readonly text: string;
  readonly origin: Origin;
}

/** A lever as a scenario names it, with its flags as text. */
export interface WrittenLever {
  readonly lever: string;
  readonly origin: Origin;
  /** Conditions of its own, beside those of the command. */
  readonly where: readonly Written[];
  /** The part of its requests that it changes; all when absent. */
  readonly share: Written | undefined;
  /** Values by flag, without dashes, and of the word behind its name by what help calls it, such as policy. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Levers that are pulled together, in their order. */
export interface WrittenScenario {
  readonly name: string;
  readonly levers: readonly WrittenLever[];
}

const OF_ALL_LEVERS = ['lever', 'where', 'share'];

/**
 * Decodes a file of scenarios. `flagsOf` tells the flags of each lever there is, without dashes, and the name of the
 * word that it takes, if any. Throws UserError, located, at the first problem.
 */
export function decodeScenarios(
  text: string,
  shown: string,
  flagsOf: ReadonlyMap<string, readonly string[]>,
): readonly WrittenScenario[] {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, shown);
  const fields = read.map(tree, '', ['scenarios', 'compare']);
  const version = fields.get('scenarios');
  if (version === undefined) read.error(tree.origin, 'missing key "scenarios", the version: 1');
  else if (read.text(version.value, 'scenarios') !== '1')
    read.error(version.value.origin, 'scenarios: expected 1, the version of this form');
  const compared = fields.get('compare');
  if (compared === undefined)
    read.error(tree.origin, 'missing key "compare", the scenarios by name');
  const scenarios = [...read.map(compared?.value, 'compare').values()].map(
    ({ key, value }): WrittenScenario => ({
      name: key,
      levers: leversOf(read, value, key, flagsOf),
    }),
  );
  if (compared !== undefined && scenarios.length === 0)
    read.error(compared.value.origin, 'compare: expected at least one scenario');
  throwFirst(problems);
  return scenarios;
}

function leversOf(
  read: TreeReader,
  value: Located,
  scenario: string,
  flagsOf: ReadonlyMap<string, readonly string[]>,
): readonly WrittenLever[] {
  const items = read.list(value, `compare.${scenario}`);
  if (value.kind === 'list' && items.length === 0)
    read.error(
      value.origin,
      `compare.${scenario}: expected a list of levers, such as - lever: downshift`,
    );
  return items.flatMap((item, index) => {
    const path = `compare.${scenario}[${index}]`;
    const fields = read.map(item, path);
    const named = fields.get('lever')?.value;
    const lever = read.text(named, `${path}.lever`);
    if (named === undefined) read.error(item.origin, `${path}: missing key "lever"`);
    if (lever === undefined) return [];
    const known = flagsOf.get(lever);
    if (known === undefined) {
      const close = nearest(lever, flagsOf.keys());
      const mend =
        close === undefined
          ? `known are ${[...flagsOf.keys()].join(', ')}`
          : `did you mean ${quote(close)}?`;
      read.error(named?.origin ?? item.origin, `${path}: unknown lever ${quote(lever)}; ${mend}`);
      return [];
    }
    read.map(item, path, [...OF_ALL_LEVERS, ...known]);
    const flags = [...fields.values()].flatMap((entry): [string, readonly string[]][] => {
      if (OF_ALL_LEVERS.includes(entry.key)) return [];
      const texts = read.texts(entry.value, `${path}.${entry.key}`);
      return texts[0] === 'false' ? [] : [[entry.key, texts]];
    });
    return [
      {
        lever,
        origin: item.origin,
        where: writtenList(read, fields.get('where')?.value, `${path}.where`),
        share: writtenList(read, fields.get('share')?.value, `${path}.share`)[0],
        flags: new Map(flags),
      },
    ];
  });
}

const writtenList = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Written[] =>
  (value?.kind === 'scalar' ? [value] : read.list(value, path)).flatMap((item) => {
    const text = read.text(item, path);
    return text === undefined ? [] : [{ text, origin: item.origin }];
  });
