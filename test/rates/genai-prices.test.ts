import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { cardFiles } from '../../src/config/card-files.ts';
import { openCards } from '../../src/config/rate-cards.ts';
import { NOW } from '../support/fake-runtime.ts';
import { comparePrices } from './price-comparison.ts';
import {
  conditionalPrices,
  exactNames,
  NOT_OURS,
  OUR_PROVIDERS,
  PUBLISHED,
  QUOTED,
  theirPrices,
  theirProviders,
} from './their-prices.ts';

/** Differences that somebody has looked at, and why they are there. */
interface Reviewed {
  readonly reason: string;
  readonly differences: readonly string[];
}

const FILE = 'test/rates/genai-prices-differences.yaml';
const PATH = join(import.meta.dirname, '../..', FILE);
const HOW_TO = `UPDATE_DIFFERENCES=1 npx vitest run --config test/vitest.config.ts --root . test/rates/
writes it with an empty reason to fill in, and takes out what no longer differs`;
const HEAD = `# Where the shipped cards and npm @pydantic/genai-prices 0.1.8 (2026-09-23) differ, reviewed: each group has its reason.
# A line: provider/model (their name for it) [instants UTC and prompts, where it is not all of them]: meter ours (theirs),
# in USD per million tokens, thousand calls, or hour of audio. An instant stands for the period that begins with it.
# ${HOW_TO.replace('\n', '\n# ')}.
`;

const providers = await theirProviders();
const { cards } = openCards(cardFiles([]), NOW);
const { models, prices, equal, differences } = comparePrices(cards, providers);
const reviewed: readonly Reviewed[] = parse(readFileSync(PATH, 'utf8'));
const listed = reviewed.flatMap((group) => group.differences);
const unlisted = differences.filter((line) => !listed.includes(line));
const gone = listed.filter((line) => !differences.includes(line));

if (process.env['UPDATE_DIFFERENCES'] === '1') {
  const kept = reviewed
    .map((group) => ({
      ...group,
      differences: group.differences.filter((line) => !gone.includes(line)),
    }))
    .filter((group) => group.differences.length > 0);
  const added = unlisted.map((line) => ({ reason: '', differences: [line] }));
  writeFileSync(PATH, HEAD + stringify([...kept, ...added], { lineWidth: 0 }));
}

/** What a person has to do about some lines; '' when there is none. */
const complaint = (lines: readonly string[], todo: string): string =>
  lines.length === 0
    ? ''
    : `${todo} (${lines.length}):\n${lines.map((line) => `    - ${JSON.stringify(line)}`).join('\n')}\n${HOW_TO}`;

describe('the shipped cards and genai-prices', () => {
  it('say the same of every model and period both know, or the difference is reviewed', () => {
    expect(complaint(unlisted, `mend the card, or add to ${FILE} with the reason`)).toBe('');
  });

  it('have no reviewed difference that is gone', () => {
    expect(complaint(gone, `take out of ${FILE}, for they no longer differ`)).toBe('');
  });

  it('have a reason of more than a word, and one place, for every reviewed difference', () => {
    const without = reviewed.filter(({ reason }) => reason.trim().split(/\s+/).length < 4);
    expect(without).toEqual([]);
    expect(listed.filter((line, index) => listed.indexOf(line) !== index)).toEqual([]);
  });

  it('are compared widely enough to mean something', () => {
    // Twenty-three cards shared 751 models and 4,094 prices when this was written, 3,427 of them equal.
    expect(models).toBeGreaterThan(700);
    expect(prices).toBeGreaterThan(3800);
    expect(equal / prices).toBeGreaterThan(0.8);
  });
});

describe('what is read of genai-prices', () => {
  it('is the version that the reviewed differences name', () => {
    const lock = readFileSync(join(PATH, '../../../package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock);
    expect(packages['node_modules/@pydantic/genai-prices'].version).toBe('0.1.8');
    expect(new Date(PUBLISHED).toISOString()).toContain('2026-09-23');
  });

  it('has no provider that is neither mapped to a card nor left out on purpose', () => {
    const known = [...Object.keys(OUR_PROVIDERS), ...NOT_OURS];
    expect(providers.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
  });

  it('has no price key without a meter of ours', () => {
    const keys = providers.flatMap((provider) =>
      provider.models.flatMap((model) =>
        conditionalPrices(model).flatMap((one) => Object.keys(one.prices)),
      ),
    );
    expect([...new Set(keys)].filter((key) => QUOTED[key] === undefined)).toEqual([]);
  });

  const model = (provider: string, id: string) => {
    const found = providers.find((one) => one.id === provider)?.models.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no ${provider}/${id}`);
    return found;
  };

  it('takes names that are equal, and none that only begin alike', () => {
    // Their rule for claude-sonnet-5 also catches claude-sonnet-5-5, which is another model.
    expect(exactNames(model('anthropic', 'claude-sonnet-5'))).toEqual(['claude-sonnet-5']);
    expect(exactNames(model('openai', 'o3'))).toEqual(['o3', 'o3-2025-04-16']);
  });

  it.each([
    ['openai', 'o3', '2025-06-09T23:59:59.999Z', 1000, 'input_mtok', 10],
    ['openai', 'o3', '2025-06-10T00:00:00Z', 1000, 'input_mtok', 2],
    ['anthropic', 'claude-opus-4-6', '2026-03-12T23:59:59Z', 200_000, 'output_mtok', 25],
    ['anthropic', 'claude-opus-4-6', '2026-03-12T23:59:59Z', 200_001, 'output_mtok', 37.5],
    ['anthropic', 'claude-opus-4-6', '2026-03-13T00:00:00Z', 200_001, 'output_mtok', 25],
    ['deepseek', 'deepseek-chat', '2025-07-01T00:29:59Z', 1000, 'input_mtok', 0.135],
    ['deepseek', 'deepseek-chat', '2025-07-01T00:30:00Z', 1000, 'input_mtok', 0.27],
    ['deepseek', 'deepseek-chat', '2025-07-01T16:30:00Z', 1000, 'input_mtok', 0.135],
  ])('is %s/%s at %s with %i tokens: %s %d', (provider, id, at, size, key, price) => {
    expect(theirPrices(model(provider, id), Date.parse(at), size).get(key)).toBe(price);
  });
});
