import { describe, expect, it } from 'vitest';
import { shippedCountingRules } from '../../../src/config/counting-rules.ts';
import type { TokenCounter } from '../../../src/prompts/counting/token-count.ts';
import { openTokenCounters } from '../../../src/prompts/counting/token-counters.ts';

const rules = shippedCountingRules();
const counterOf = (model: string, day = '2026-11-21'): Promise<TokenCounter> =>
  openTokenCounters(rules, day)(undefined, model);

describe('a model', () => {
  it.each([
    ['gpt-4o-mini', 'o200k_base', 'counted'],
    ['openai/gpt-4.1', 'o200k_base', 'counted'],
    ['ft:gpt-4o-2024-08-06:acorn::abc', 'o200k_base', 'counted'],
    ['gpt-5.6-luna', 'o200k_base', 'counted'],
    ['o3-pro', 'o200k_base', 'counted'],
    ['gpt-oss-120b', 'o200k_harmony', 'counted'],
    ['gpt-4', 'cl100k_base', 'counted'],
    ['gpt-4-turbo-2024-04-09', 'cl100k_base', 'counted'],
    ['gpt-35-turbo', 'cl100k_base', 'counted'],
    ['text-embedding-3-small', 'cl100k_base', 'counted'],
    ['davinci-002', 'cl100k_base', 'counted'],
    ['babbage-002', 'cl100k_base', 'counted'],
    ['text-davinci-003', 'p50k_base', 'counted'],
    ['text-davinci-edit-001', 'p50k_edit', 'counted'],
    ['davinci', 'r50k_base', 'counted'],
    ['gpt-6-sol', 'o200k_base', 'assumed'],
    ['gpt-9-mini', 'o200k_base', 'assumed'],
    ['o7', 'o200k_base', 'assumed'],
    ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'o200k_base', 'estimated'],
    ['anthropic/claude-opus-4.7', 'o200k_base', 'estimated'],
    ['claude-opus-5', 'o200k_base', 'estimated'],
    ['claude-sonnet-5-5', 'o200k_base', 'assumed'],
    ['models/gemini-3-flash', 'o200k_base', 'estimated'],
    ['gemini-4-argon', 'o200k_base', 'assumed'],
    ['meta.llama3-1-70b-instruct-v1:0', 'cl100k_base', 'estimated'],
    ['accounts/fireworks/models/llama-v3p1-8b-instruct', 'cl100k_base', 'estimated'],
    ['meta-llama/Llama-4-Scout-17B', 'o200k_base', 'estimated'],
    ['deepseek-chat', 'o200k_base', 'estimated'],
    ['Qwen/Qwen3-32B', 'o200k_base', 'estimated'],
    ['mistral-large-2411', 'o200k_base', 'estimated'],
    ['command-r-plus', 'o200k_base', 'estimated'],
    ['acorn-1', 'o200k_base', 'assumed'],
    ['', 'o200k_base', 'assumed'],
    ['__proto__', 'o200k_base', 'assumed'],
  ])('called "%s" is counted by %s: %s', async (model, encoding, source) => {
    const counter = await counterOf(model);
    expect([counter.encoding, counter.text('Where is my order?').source]).toEqual([
      encoding,
      source,
    ]);
  });

  it('of a name of your own is counted as its provider usually counts', async () => {
    const open = openTokenCounters(rules, '2026-11-21');
    const ours = await open('azure', 'team-search-prod');
    expect(ours.text('hello world')).toMatchObject({
      tokens: 2,
      low: 2,
      high: 2,
      source: 'assumed',
    });
    expect((await open(undefined, 'team-search-prod')).text('hello world').high).toBeGreaterThan(2);
  });
});

describe('an estimate', () => {
  const ENGLISH =
    'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.';
  const CODE = `export function total(lines: readonly Line[]): number {\n  let sum = 0;\n  for (const line of lines) sum += line.price * line.count;\n  return sum;\n}\n`;
  // Recorded tokens over those of o200k_base, 5th to 95th percentile (https://github.com/sanderland/ctok, read 2026-11-21).
  it.each([
    ['claude-sonnet-4-5', 'English', ENGLISH, 1.0, 1.15],
    ['claude-sonnet-4-5', 'code', CODE, 1.06, 1.41],
    ['claude-opus-4-7', 'English', ENGLISH, 1.41, 1.67],
    ['claude-opus-4-7', 'code', CODE, 1.19, 1.89],
    ['gemini-2.5-pro', 'English', ENGLISH, 1.0, 1.08],
    ['gemini-2.5-pro', 'code', CODE, 1.05, 1.32],
  ])('for %s of %s lies where recorded counts do', async (model, _, text, least, most) => {
    const base = (await counterOf('gpt-4o')).text(text).tokens;
    const { tokens, low, high } = (await counterOf(model)).text(text);
    expect(tokens / base).toBeGreaterThanOrEqual(least);
    expect(tokens / base).toBeLessThanOrEqual(most);
    expect([low, high]).toEqual([Math.floor(low), Math.ceil(high)]);
    expect(low).toBeLessThan(tokens);
    expect(high).toBeGreaterThan(tokens);
  });

  // Ratios recorded for translations of one text, by language; classes of pieces outside the fit are not far off.
  it.each([
    [
      'Chinese',
      '人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。',
      1.36,
    ],
    ['Arabic', 'يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا.', 2.11],
    ['Thai', 'มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ', 2.04],
    ['Hindi', 'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।', 2.44],
    [
      'Greek',
      'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.',
      1.84,
    ],
    ['Hebrew', 'כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.', 1.79],
    ['Korean', '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.', 1.77],
  ])('for Claude of %s has the recorded ratio in its band', async (_, text, ratio) => {
    const base = (await counterOf('gpt-4o')).text(text).tokens;
    for (const model of ['claude-sonnet-4-5', 'claude-opus-4-8']) {
      const { low, high } = (await counterOf(model)).text(text);
      expect(low).toBeLessThanOrEqual(base * ratio);
      expect(high).toBeGreaterThanOrEqual(base * ratio);
    }
  });

  it('for Llama 3 is cl100k_base within 1 % for English and code', async () => {
    const [llama, gpt4] = [await counterOf('llama3.1:8b'), await counterOf('gpt-4')];
    for (const text of [ENGLISH, CODE]) {
      const { tokens } = gpt4.text(text);
      expect(llama.text(text)).toMatchObject({
        tokens,
        low: Math.floor(tokens * 0.99),
        high: Math.ceil(tokens * 1.01),
        source: 'estimated',
      });
    }
  });

  it('for DeepSeek is o200k_base times 1.017, and 0.95 where Chinese stands', async () => {
    const [deepseek, gpt4o] = [await counterOf('deepseek-chat'), await counterOf('gpt-4o')];
    const english = ENGLISH.repeat(20);
    expect(deepseek.text(english).tokens).toBe(Math.round(gpt4o.text(english).tokens * 1.017));
    const chinese = '人人生而自由'.repeat(50);
    expect(deepseek.text(chinese).tokens).toBe(Math.round(gpt4o.text(chinese).tokens * 0.95));
  });

  it('of no text is nothing, and of any text at least one token', async () => {
    for (const model of ['claude-opus-4-7', 'gemini-2.5-pro', 'qwen3-max', 'acorn-1']) {
      const { text } = await counterOf(model);
      expect(text('')).toMatchObject({ tokens: 0, low: 0, high: 0 });
      for (const short of ['は', 'я', '\n', ' ', '.', 'A', '\0', '\ud800', '👍'])
        expect([short, text(short).low >= 1, text(short).tokens >= 1]).toEqual([short, true, true]);
    }
  });
});
