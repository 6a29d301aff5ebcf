import type { ProjectSettings } from '../../domain/project-settings.ts';

/** Which prices a config asks for: `snapshot .aicost/prices.yaml`, `bundled 2026-11-15`, `bundled`. */
export function describedPrices({ prices, rates }: ProjectSettings): string {
  const own = rates.length === 0 ? '' : ` with ${rates.map(({ value }) => value).join(', ')}`;
  if (prices === undefined) return `bundled${own}`;
  return prices.kind === 'snapshot'
    ? `snapshot ${prices.path.value}${own}`
    : `bundled ${prices.day.value}${own}`;
}
