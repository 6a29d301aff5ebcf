import type { Decimal } from '../domain/money.ts';
import type { VariablePlan } from '../domain/prompt-plan.ts';
import type { FileTree } from './file-tree.ts';
import type { Finding } from './finding.ts';
import { readTreeText } from './format-contract/tree-text.ts';
import type { AssumedCalls } from './planned-prompt.ts';
import type { Prompt, Sample } from './prompt.ts';
import type { GivenValue, Values } from './rendering/values.ts';

/** Tokens that a variable is taken for where nobody says anything of it: a short paragraph. */
const ASSUMED_VARIABLE_TOKENS = 100;

/** Most samples of a file that are rendered; a file of tests may hold thousands. */
const MOST_SAMPLES = 50;

const ONE: Decimal = { digits: 1n, scale: 0 };

/** One kind of call with a value for every variable. */
export interface CaseValues {
  readonly name: string;
  readonly weight: Decimal;
  readonly values: Values;
  /** Variables whose size nobody gave. */
  readonly assumed: ReadonlySet<string>;
  /** 95th percentiles of variables that only sizes are known of. */
  readonly p95: ReadonlyMap<string, number>;
}

/** The cases of a prompt, what was noticed, and the files that values came from. */
export interface PromptCases {
  readonly cases: readonly CaseValues[];
  readonly findings: readonly Finding[];
  readonly files: readonly string[];
}

/**
 * Gives every variable of a prompt a value in every case: of the case, of the entry, of the file's samples, of its
 * defaults, in this order, and an assumed size where none of them says one. Without cases of a plan, every sample
 * that differs is a case, all of one weight.
 */
export async function promptCases(
  prompt: Prompt,
  { variables, cases }: AssumedCalls,
  tree: FileTree,
): Promise<PromptCases> {
  const findings: Finding[] = [];
  const given = openGiven(tree);
  const entry = await given.values(variables);
  const sampleSets = samplesThatCount(prompt, variables, cases.length > 0, findings);
  const layers =
    cases.length === 0
      ? sampleSets.map((sample) => ({ name: sample?.name, weight: ONE, sample, own: NO_VALUES }))
      : await Promise.all(
          cases.map(async ({ name, weight, variables: own }) => ({
            name,
            weight,
            sample: sampleSets[0],
            own: await given.values(own),
          })),
        );
  const anywhere = new Set(
    layers.flatMap(({ sample, own }) => [...own.keys(), ...(sample?.values.keys() ?? [])]),
  );
  const assumed = new Set(
    prompt.variables.filter(
      (name) => !anywhere.has(name) && !entry.has(name) && !prompt.defaults.has(name),
    ),
  );
  for (const name of assumed) findings.push(assumedSize(name, prompt));
  return {
    cases: layers.map(({ name, weight, sample, own }, index) => ({
      name: name ?? (layers.length === 1 ? 'every call' : `case ${index + 1}`),
      weight,
      values: new Map([
        ...[...assumed].map((each): [string, GivenValue] => [each, ASSUMED]),
        ...prompt.defaults,
        ...(sample?.values ?? []),
        ...entry,
        ...own,
      ]),
      assumed,
      p95: new Map([...given.p95(variables), ...given.p95(cases[index]?.variables ?? new Map())]),
    })),
    findings: [...findings, ...given.findings],
    files: given.files,
  };
}

const NO_VALUES: Values = new Map();

const ASSUMED: GivenValue = { value: { kind: 'sized', tokens: ASSUMED_VARIABLE_TOKENS } };

const assumedSize = (name: string, { path, line }: Prompt): Finding => ({
  level: 'warning',
  code: 'assumed-variable',
  message: `nobody gives "${name}" a value: ${ASSUMED_VARIABLE_TOKENS} tokens are assumed`,
  origin: { file: path, line },
});

/** Samples whose values are not all given elsewhere; one `undefined` where there is no such sample. */
function samplesThatCount(
  { samples, variables: names, path, line }: Prompt,
  variables: ReadonlyMap<string, VariablePlan>,
  hasCases: boolean,
  findings: Finding[],
): readonly (Sample | undefined)[] {
  const counting = samples.filter(({ values }) =>
    names.some((name) => values.has(name) && !variables.has(name)),
  );
  if (counting.length === 0) return [undefined];
  if (!hasCases && counting.length > MOST_SAMPLES)
    findings.push({
      level: 'notice',
      code: 'samples-left-out',
      message: `of ${counting.length.toLocaleString('en-US')} samples the first ${MOST_SAMPLES} are rendered`,
      origin: { file: path, line },
    });
  return counting.slice(0, MOST_SAMPLES);
}

/** Turns plans of variables into values, reading files once. */
function openGiven(tree: FileTree) {
  const findings: Finding[] = [];
  const files: string[] = [];
  const known = new Map<string, Promise<GivenValue>>();
  const fromFile = async (path: string, constant: boolean): Promise<GivenValue> => {
    files.push(path);
    const found = await readTreeText(tree, path);
    const origin = { file: path, line: 1 };
    if (found.kind === 'missing') {
      findings.push(found.finding);
      return { ...ASSUMED, origin, constant };
    }
    findings.push(...found.findings);
    return { value: found.text, origin, constant };
  };
  const valueOf = ({
    content,
    origin,
    constant,
  }: VariablePlan): GivenValue | Promise<GivenValue> => {
    switch (content.kind) {
      case 'value':
        return { value: content.value, origin, constant };
      case 'tokens':
        return { value: { kind: 'sized', tokens: content.mean }, origin, constant };
      case 'file': {
        const key = `${constant} ${content.path}`;
        const read = known.get(key) ?? fromFile(content.path, constant);
        known.set(key, read);
        return read;
      }
    }
  };
  return {
    findings,
    files,
    values: async (plans: ReadonlyMap<string, VariablePlan>): Promise<Values> => {
      const pairs = await Promise.all(
        [...plans].map(async ([name, plan]) => [name, await valueOf(plan)] as const),
      );
      return new Map(pairs);
    },
    p95: (plans: ReadonlyMap<string, VariablePlan>): readonly [string, number][] =>
      [...plans].flatMap(([name, { content }]): [string, number][] =>
        content.kind === 'tokens' && content.p95 !== undefined ? [[name, content.p95]] : [],
      ),
  };
}
