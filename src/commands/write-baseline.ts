import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { type BaselineConfig, baselineText, linesOf } from '../gate/run/baseline-file.ts';
import { pricesDigest } from '../gate/run/prices-digest.ts';
import { estimatePrompts } from '../prompts/estimate.ts';
import type { Runtime } from '../runtime.ts';
import { makeFolder } from '../make-folder.ts';
import { type CostFlags, requestFor } from './estimate-costs.ts';
import { type EstimateTree, openEstimateTree } from './estimate-tree.ts';

/** Writes what every prompt of the working tree takes, for `aicost diff --baseline`. Throws UserError. */
export async function writeBaseline(
  wanted: string | true,
  flags: CostFlags,
  runtime: Runtime,
): Promise<void> {
  const place = await openEstimateTree([], flags, runtime);
  try {
    const { settings, root } = place;
    // Volumes are looked up when it is compared with, so no ledger is needed.
    const { request, cards, rulesDay } = await requestFor(place, undefined, flags, runtime);
    const estimate = await estimatePrompts(request);
    const text = baselineText(estimate, settings.plan, {
      config: await configOf(place),
      prices: pricesDigest(cards, settings),
      rules: rulesDay,
    });
    const file =
      wanted === true
        ? join(root, dirname(settings.file ?? ''), '.aicost', 'baseline.json')
        : resolve(runtime.cwd, wanted);
    write(file, text);
    runtime.err(`wrote ${file}: ${estimate.prompts.length} prompts. Commit it with them.\n`);
  } finally {
    await place.close();
  }
}

async function configOf({ tree, settings }: EstimateTree): Promise<BaselineConfig | undefined> {
  if (settings.file === undefined) return undefined;
  const found = await tree.read(settings.file);
  if (found.kind !== 'file')
    throw new UserError(
      `--write-baseline needs a config of the same tree, which ${settings.file} is not`,
    );
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes);
  return { path: settings.file, lines: linesOf(text) };
}

function write(file: string, text: string): void {
  try {
    makeFolder(dirname(file), 0o777);
    writeFileSync(file, text);
  } catch (cause) {
    throw new UserError(`cannot write the baseline ${file}`, { cause });
  }
}
