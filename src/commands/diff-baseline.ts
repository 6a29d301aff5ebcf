import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import type { Comparison } from '../gate/comparison-result.ts';
import { MOST_RESULT_BYTES } from '../gate/result-decoder.ts';
import { type Baseline, decodeBaseline, REWRITE } from '../gate/run/baseline-decoder.ts';
import { linesOf } from '../gate/run/baseline-file.ts';
import { baselineSide, configTree, renamesSince } from '../gate/run/baseline-side.ts';
import { type InForce, mustBeFresh } from '../gate/run/baseline-trust.ts';
import { runDiff } from '../gate/run/diff-run.ts';
import { gateRules, readTreeRules, type RulesInForce } from '../gate/run/two-trees.ts';
import { lastChange } from '../gate/trees/file-history.ts';
import { openHeadAlone } from '../gate/trees/head-alone.ts';
import { openObjects } from '../gate/trees/objects.ts';
import { mustBeRepository } from '../gate/trees/repository.ts';
import type { FileTree } from '../prompts/file-tree.ts';
import type { Runtime } from '../runtime.ts';
import {
  approvedLabel,
  configPath,
  type DiffFlags,
  pathWithin,
  rulesOfBase,
} from './diff-trees.ts';
import { openWorlds } from './diff-worlds.ts';

/**
 * Compares head with a committed baseline instead of a tree. Limits and waivers are head's. Throws UserError: 3 for
 * a baseline that is broken, stale, or not vouched for by the history of its file.
 */
export async function compareWithBaseline(
  file: string,
  flags: DiffFlags,
  runtime: Runtime,
): Promise<Comparison> {
  const text = baselineContent(resolve(runtime.cwd, file), file);
  const baseline = decodeBaseline(text, file);
  const { root = runtime.cwd } = await mustBeRepository(runtime, { network: false });
  const head = await openHeadAlone(runtime, flags.head);
  try {
    const name = `baseline ${file}`;
    const rules = await rulesWith(
      baseline,
      name,
      head.tree,
      configPath(flags.config, runtime.cwd, root),
    );
    // Prices and counting rules are no part of a baseline either: those of head hold for both.
    const inForce = { ...rules, base: rules.head };
    const { close, pricesDigest, ...worlds } = await openWorlds(inForce, flags, runtime, root);
    try {
      const facts = { prices: pricesDigest, rules: worlds.countingRules };
      const committed = { file, text, root, head: head.commit ?? 'HEAD' };
      const commit = await vouchedBy(committed, baseline, facts, runtime);
      return await runDiff({
        ...worlds,
        base: { name, commit: null },
        head: { name: head.tree.name, commit: head.commit ?? null },
        how: `${name}, committed in ${commit}`,
        rules,
        written: (world) => baselineSide(baseline, rules.base.settings.plan, world, file),
        findRenames: renamesSince(baseline, head.tree),
        only: flags.only ?? [],
        id: flags.id,
        strict: flags.strict === true,
        now: runtime.now(),
        approvedLabel: approvedLabel(flags, runtime),
        commitMessages: [],
      });
    } finally {
      close();
    }
  } finally {
    await head.close();
  }
}

async function rulesWith(
  baseline: Baseline,
  name: string,
  tree: FileTree,
  config: string | undefined,
): Promise<RulesInForce> {
  const head = await readTreeRules(tree, config);
  const base = await rulesOfBase(configTree(baseline, name), baseline.config?.path, head);
  return {
    // Waivers are no part of a baseline, so all of them count as this change's own.
    base: { ...base, waivers: [] },
    head,
    rules: gateRules(head, 'head'),
    policyFrom: 'head',
    isFirst: false,
  };
}

function baselineContent(path: string, file: string): string {
  try {
    if (statSync(path).size > MOST_RESULT_BYTES)
      throw new UserError('is larger than a baseline can be', {
        origin: { file },
        exitCode: ExitCode.undecided,
      });
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`there is no baseline ${file}`, {
      cause,
      hint: REWRITE,
      exitCode: ExitCode.undecided,
    });
  }
}

/** The baseline's file as it is, and up to which commit its history is looked at. */
interface Committed {
  readonly file: string;
  readonly text: string;
  readonly root: string;
  readonly head: string;
}

/** The name of the commit that wrote the baseline. Throws UserError (3) where none did, or where it is stale. */
async function vouchedBy(
  { file, text, root, head }: Committed,
  baseline: Baseline,
  facts: Pick<InForce, 'prices' | 'rules'>,
  runtime: Runtime,
): Promise<string> {
  const repository = await mustBeRepository(runtime, { network: false });
  const objects = openObjects(repository.git);
  try {
    const path = pathWithin(root, resolve(runtime.cwd, file)) ?? '';
    const found = path === '' ? undefined : await lastChange(repository, objects, path, head);
    const was = await found?.tree.read(path);
    if (
      found === undefined ||
      was?.kind !== 'file' ||
      !isSameText(Buffer.from(was.bytes).toString(), text)
    )
      throw new UserError(
        `the baseline ${file} is not as any commit has it, so nobody vouches for it`,
        {
          hint: 'Commit it on the base branch, with the prompts it was made of.',
          exitCode: ExitCode.undecided,
        },
      );
    await mustBeFresh(baseline, { ...facts, writtenIn: found.tree, cutOff: found.cutOff }, file);
    return found.tree.name;
  } finally {
    await objects.close();
  }
}

const isSameText = (one: string, other: string): boolean =>
  linesOf(one).join('\n') === linesOf(other).join('\n');
