import type { Deployments } from '../domain/deployments.ts';
import { nearest } from '../domain/nearest.ts';
import { KNOWN_PROVIDERS, providerName } from '../domain/provider-names.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** Decodes `deployments:` of aicost.yaml: by provider, the account's own name or glob, and the model it stands for. */
export function deploymentsOf(read: TreeReader, value: Located | undefined): Deployments {
  const deployments = new Map<string, Map<string, string>>();
  for (const { key, keyOrigin, value: names } of read.map(value, 'deployments').values()) {
    const provider = providerName(key);
    const path = `deployments.${key}`;
    const close = KNOWN_PROVIDERS.includes(provider)
      ? undefined
      : nearest(provider, KNOWN_PROVIDERS);
    if (close !== undefined)
      read.error(keyOrigin, `${path}: no such provider; did you mean "${close}"?`);
    if (deployments.has(provider))
      read.error(
        keyOrigin,
        `${path}: ${provider} stands here already, in another spelling; put their names together`,
      );
    const models = deployments.get(provider) ?? new Map<string, string>();
    deployments.set(provider, models);
    const written = new Set<string>();
    for (const entry of read.map(names, path).values()) {
      const lower = entry.key.toLowerCase();
      if (written.has(lower))
        read.error(entry.keyOrigin, `${path}: "${entry.key}" stands here twice; take one out`);
      written.add(lower);
      const model = read.text(entry.value, `${path}.${entry.key}`);
      if (model?.includes('*') === true)
        read.error(
          entry.value.origin,
          `${path}.${entry.key}: expected one model, found the pattern "${model}"`,
        );
      else if (model !== undefined) models.set(entry.key, model);
    }
  }
  return deployments;
}
