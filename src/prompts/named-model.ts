import { providerName } from '../domain/provider-names.ts';
import type { NamedModel } from './estimate-request.ts';
import { splitModelName } from './format-contract/model-names.ts';

/** A model's name taken apart; a provider that is named beside it holds. */
export function namedModel(written: string, provider?: string): NamedModel {
  const split = splitModelName(written);
  if (provider !== undefined)
    return {
      provider: providerName(provider),
      // Hosts have slashes in names of models; only their own name goes.
      model:
        split.provider !== undefined && providerName(split.provider) === providerName(provider)
          ? split.model
          : written,
    };
  return {
    provider: split.provider === undefined ? undefined : providerName(split.provider),
    model: split.model,
  };
}
