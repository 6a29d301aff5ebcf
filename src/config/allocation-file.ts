import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AllocationPlan, PoolPlan, RulePlan, SignalFile } from '../domain/allocation-plan.ts';
import { noSuchSignal, SIGNALS } from '../domain/signals.ts';
import { UserError } from '../errors.ts';
import { poolsAt } from './allocation-pools.ts';
import { rulesAt } from './allocation-rules.ts';
import { throwFirst } from './project-file.ts';
import { SETTINGS_KEYS } from './settings-keys.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

/** Reads `allocation:` of aicost.yaml; `undefined` where it has none. Throws UserError, located, for its mistakes. */
export function readAllocation(file: string): AllocationPlan | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read config ${file}`, {
      cause,
      hint: 'Name another with --config.',
    });
  }
  return decodeAllocation(text, file);
}

/** Decodes the text of aicost.yaml for allocation; paths of signals are relative to the file. */
export function decodeAllocation(text: string, file: string): AllocationPlan | undefined {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, file);
  const nothing = tree.kind === 'scalar' && tree.text === '';
  const value = read.map(nothing ? undefined : tree, '', SETTINGS_KEYS).get('allocation')?.value;
  const plan = value === undefined ? undefined : planOf(read, value, dirname(file));
  throwFirst(problems);
  return plan;
}

function planOf(read: TreeReader, value: Located, folder: string): AllocationPlan {
  const fields = read.map(value, 'allocation', ['pools', 'signals', 'rules']);
  const pools = poolsAt(read, fields.get('pools')?.value);
  const rules = rulesAt(read, fields.get('rules')?.value, pools);
  checkRules(read, rules);
  checkIdle(read, pools, rules);
  return {
    pools,
    signals: signalsAt(read, fields.get('signals')?.value, folder),
    rules: rules.map((rule) => withBases(read, rule, { pools, rules })),
  };
}

/** `signals:` by name, each one file or a list of them. */
const signalsAt = (
  read: TreeReader,
  value: Located | undefined,
  folder: string,
): readonly SignalFile[] =>
  [...read.map(value, 'allocation.signals').values()].flatMap((entry) => {
    if (!SIGNALS.has(entry.key)) read.error(entry.keyOrigin, `signals: ${noSuchSignal(entry.key)}`);
    return read
      .texts(entry.value, `signals.${entry.key}`)
      .map((path) => ({ signal: entry.key, path: resolve(folder, path) }));
  });

/** A name and a pool stand in one rule each, so that answers can tell rules by name and no cost is split twice. */
function checkRules(read: TreeReader, rules: readonly RulePlan[]): void {
  for (const [index, { name, pool, origin }] of rules.entries()) {
    const before = rules.slice(0, index);
    if (before.some((rule) => rule.name === name))
      read.error(origin, `rule ${name}: another rule has this name; give each one of its own`);
    const other = before.find((rule) => rule.pool === pool);
    if (other !== undefined)
      read.error(
        origin,
        `rule ${name}: ${pool} is split by rule ${other.name} already; leave one of them`,
      );
  }
}

/** Idle is handed on from a rule that finds some, in steps of one length. */
function checkIdle(read: TreeReader, pools: readonly PoolPlan[], rules: readonly RulePlan[]): void {
  const ruleOf = (name: string): RulePlan | undefined => rules.find(({ pool }) => pool === name);
  for (const { name, source, origin } of pools) {
    if (source.kind !== 'idle-of') continue;
    const other = pools.find((pool) => pool.name === source.pool);
    const [rule, its] = [ruleOf(source.pool), ruleOf(name)];
    if (other === undefined || other.source.kind === 'idle-of' || rule === undefined)
      read.error(
        origin,
        `pools.${name}.idle_of: expected a pool whose rule may leave some idle, found "${source.pool}"`,
      );
    else if (its !== undefined && (its.grain !== rule.grain || its.method.kind === 'overhead'))
      read.error(
        its.origin,
        `rule ${its.name}: splits what ${source.pool} leaves idle, so it needs grain: ${rule.grain} as rule ${rule.name} has, and another method than overhead`,
      );
  }
}

/**
 * An overhead rule with the pools it is spread over: those it names, or all that rules carry on to consumers. No
 * overhead goes to overhead, so that there are no loops.
 */
function withBases(
  read: TreeReader,
  rule: RulePlan,
  { pools, rules }: Pick<AllocationPlan, 'pools' | 'rules'>,
): RulePlan {
  if (rule.method.kind !== 'overhead') return rule;
  const isIdle = (name: string): boolean =>
    pools.find((pool) => pool.name === name)?.source.kind === 'idle-of';
  const bases = rules
    .filter(
      ({ method, pool, grain }) =>
        method.kind !== 'overhead' && !isIdle(pool) && grain === rule.grain,
    )
    .map(({ pool }) => pool);
  const { over } = rule.method;
  for (const name of over)
    if (!bases.includes(name))
      read.error(
        rule.origin,
        `rule ${rule.name}.over: expected pools that a rule splits by ${rule.grain} among consumers, found "${name}"; these are ${bases.join(', ') || 'none'}`,
      );
  if (over.length === 0 && bases.length === 0)
    read.error(
      rule.origin,
      `rule ${rule.name}: no other pool has a rule, so that there is nothing to spread ${rule.pool} over`,
    );
  return {
    ...rule,
    method: { kind: 'overhead', over: over.length === 0 ? bases : [...new Set(over)] },
  };
}
