import { readName } from './billed-names.ts';
import { globMatcher } from './globs.ts';

/**
 * Names that an account gave to models of its own accord (Azure deployments, Bedrock's application inference
 * profiles), by provider: name or glob to the model as the card lists it. What people write in aicost.yaml.
 */
export type Deployments = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** One provider's deployments, ready to be asked. */
export interface DeploymentIndex {
  /** The model of a name that is written out, `names` being the name's reading. */
  readonly exact: (names: readonly string[]) => string | undefined;
  /** The model of the first pattern that fits, in the order written. */
  readonly glob: (names: readonly string[]) => string | undefined;
}

/** Indexes the deployments of one provider. Names are compared without regard to case. */
export function indexDeployments(
  provider: string,
  deployments: ReadonlyMap<string, string>,
): DeploymentIndex {
  const written = new Map<string, string>();
  // Logs keep the end of an ARN only; where two accounts share that end, it names neither.
  const shortened = new Map<string, string | undefined>();
  const globs: { readonly fits: (name: string) => boolean; readonly model: string }[] = [];
  for (const [name, model] of deployments) {
    const key = name.toLowerCase();
    if (key.includes('*')) {
      globs.push({ fits: globMatcher(key), model });
      continue;
    }
    written.set(key, model);
    for (const short of readName(provider, key).names.slice(1))
      shortened.set(
        short,
        shortened.has(short) && shortened.get(short) !== model ? undefined : model,
      );
  }
  return {
    exact(names) {
      const found = names.find((name) => written.has(name));
      return found === undefined ? shortened.get(names[0] ?? '') : written.get(found);
    },
    glob: (names) => globs.find(({ fits }) => names.some(fits))?.model,
  };
}
