import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasuredCase } from '../../src/prompts/costed-prompt.ts';
import { countOf, type TokenCounter } from '../../src/prompts/counting/token-count.ts';
import { type CacheAsking, measureCase, type MeasureRequest } from '../../src/prompts/measure.ts';
import type { Content, Message } from '../../src/prompts/prompt.ts';
import type { Piece } from '../../src/prompts/rendering/output.ts';

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** A word is a token, a message adds 3 and the answer 3, a tool takes 10, a schema 20, an image 100. */
const WORDS: TokenCounter = {
  model: 'words',
  encoding: 'words',
  method: 'words',
  text: (text) => countOf(words(text), 'counted'),
  texts: (texts) => texts.map((text) => countOf(words(text), 'counted')),
  frame: (messages) => countOf(messages.length * 3 + 3, 'counted'),
  tools: (tools) => countOf(tools.length * 10, 'estimated'),
  schema: () => countOf(20, 'estimated'),
  image: () => countOf(100, 'counted'),
};

const said = (text: string): Piece => ({ kind: 'text', text, varies: false });
const printed = (variable: string, text: string, varies = true): Piece => ({
  kind: 'text',
  text,
  variable,
  varies,
});
const message = (role: string, ...pieces: readonly Piece[]): Message => ({
  role,
  example: false,
  content: [{ kind: 'text', pieces }],
});

function measured(messages: readonly Message[], more: Partial<MeasureRequest> = {}): MeasuredCase {
  return measureCase({
    name: 'every call',
    weight: { digits: 1n, scale: 0 },
    asking: 'automatic',
    p95: new Map(),
    messages,
    tools: [],
    counter: WORDS,
    values: new Map(),
    assumed: new Set(),
    imageSize: () => ({ width: 10, height: 10 }),
    assumedImage: { width: 1024, height: 1024 },
    ...more,
  });
}

const partsOf = ({ parts }: MeasuredCase) =>
  parts.map(({ part, variable, tokens, prefix }) => [
    variable ?? part,
    tokens.tokens,
    prefix.tokens,
  ]);

describe('a prompt by its parts', () => {
  it('tells instructions, examples, variables, tools, schema, images and the frame apart', () => {
    const image: Content = { kind: 'image', source: { kind: 'file', path: 'a.png' } };
    const request = measured(
      [
        message('system', said('be kind and brief')),
        { ...message('user', said('like this')), example: true },
        {
          ...message(
            'user',
            said('ticket'),
            printed('ticket', 'my parcel is late'),
            said('please'),
          ),
          content: [
            { kind: 'text', pieces: [said('ticket '), printed('ticket', 'my parcel is late')] },
            image,
          ],
        },
      ],
      { tools: [{ name: 'look_up' }], outputSchema: {} },
    );
    expect(partsOf(request)).toEqual([
      ['schema', 20, 20],
      ['tools', 10, 10],
      ['instructions', 5, 5],
      ['examples', 2, 2],
      ['ticket', 4, 0],
      ['images', 100, 0],
      ['frame', 12, 12],
    ]);
    expect(request.tokens.tokens).toBe(153);
    expect(request.tokens.source).toBe('estimated');
    expect(request.prefix.tokens).toBe(49);
    expect(request.prefixEnd).toEqual({ kind: 'variable', variable: 'ticket' });
  });

  it('takes sizes for what they are, and knows how much longer they may be', () => {
    const sized: Piece = { kind: 'sized', tokens: 260, variable: 'ticket', varies: true };
    const request = measured([message('user', said('a b'), sized, said('c'), sized)], {
      p95: new Map([['ticket', 900]]),
    });
    expect(partsOf(request)).toEqual([
      ['instructions', 3, 2],
      ['ticket', 520, 0],
      ['frame', 6, 6],
    ]);
    // Twice 640 more.
    expect(request.moreAtP95).toBe(1280);
    expect(request.parts.map(({ source }) => source)).toEqual(['counted', 'declared', 'counted']);
  });

  it('labels what nobody gave a size, and images whose size nobody knows', () => {
    const sized: Piece = { kind: 'sized', tokens: 100, variable: 'q', varies: true };
    const image: Content = {
      kind: 'image',
      source: { kind: 'remote', url: 'https://a.example/b' },
    };
    const { parts, tokens } = measured(
      [{ role: 'user', example: false, content: [{ kind: 'text', pieces: [sized] }, image] }],
      { assumed: new Set(['q']), imageSize: () => undefined },
    );
    expect(parts.map(({ part, source }) => [part, source])).toEqual([
      ['variable', 'assumed'],
      ['images', 'assumed'],
      ['frame', 'counted'],
    ]);
    expect(tokens.source).toBe('assumed');
  });
});

describe('the prefix that every call shares', () => {
  const PROMPT = [
    message('system', said('a b c')),
    message('user', said('d'), printed('now', 'e f'), said('g h')),
  ];
  const prefix = (messages: readonly Message[], asking: CacheAsking, more = {}) => {
    const { prefix: found, prefixEnd } = measured(messages, { asking, ...more });
    return [found.tokens, prefixEnd];
  };

  it('ends where the first variable stands, with the frames begun so far', () => {
    // 4 words, two frames and the start of the answer.
    expect(prefix(PROMPT, 'automatic')).toEqual([13, { kind: 'variable', variable: 'now' }]);
  });

  it('reaches past what is constant', () => {
    const constant = [message('user', said('d'), printed('lang', 'French', false), said('g h'))];
    expect(prefix(constant, 'automatic')).toEqual([10, { kind: 'whole' }]);
  });

  it('holds tools and schema, which stand before all messages', () => {
    expect(prefix(PROMPT, 'automatic', { tools: [{ name: 'a' }], outputSchema: {} })[0]).toBe(43);
  });

  it('is nothing where a provider has to be asked and is not', () => {
    expect(prefix(PROMPT, 'not-asked')).toEqual([0, { kind: 'not-asked' }]);
  });

  it('goes to the last mark before the first variable', () => {
    const marked = [
      { ...message('system', said('a b c')), cacheBreakpoint: { ttl: '5m' } },
      message('user', said('d e')),
      { ...message('user', said('f'), printed('now', 'g')), cacheBreakpoint: {} },
    ];
    // 3 words, one frame and the start of the answer.
    expect(prefix(marked, 'marked')).toEqual([9, { kind: 'breakpoint' }]);
  });

  it('is nothing where every mark stands after something that varies', () => {
    const marked = [{ ...message('user', printed('now', 'g'), said('a')), cacheBreakpoint: {} }];
    expect(prefix(marked, 'marked')).toEqual([0, { kind: 'variable', variable: 'now' }]);
  });

  it('begins with the instructions where caching is asked for, wherever they stand', () => {
    const late = [message('user', printed('q', 'x')), message('system', said('a b c'))];
    // 3 words; both frames have begun where the user speaks.
    expect(prefix(late, 'declared')).toEqual([12, { kind: 'variable', variable: 'q' }]);
    expect(prefix(late, 'automatic')).toEqual([6, { kind: 'variable', variable: 'q' }]);
  });

  it('ends at an image that a variable names, and at what the repository does not hold', () => {
    const image: Content = { kind: 'image', source: { kind: 'remote', url: 'x' }, varies: true };
    const text: Content = { kind: 'text', pieces: [said('a')] };
    const of = (content: readonly Content[]) =>
      prefix([{ role: 'user', example: false, content }], 'automatic')[1];
    expect(of([text, image, text])).toEqual({ kind: 'variable', variable: 'image' });
    expect(of([text, { kind: 'unresolved', what: 'history' }, text])).toEqual({
      kind: 'unresolved',
      what: 'history',
    });
  });
});

describe('as a property', () => {
  const piece = fc.record({
    text: fc.array(fc.constantFrom('a', 'b', ' ', '\n')).map((letters) => letters.join('')),
    variable: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    varies: fc.boolean(),
  });
  const messages = fc.array(
    fc.record({
      role: fc.constantFrom('system', 'user'),
      pieces: fc.array(piece),
      mark: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it('parts add up to the whole, and prefixes of parts to the prefix, however it is cached', () => {
    fc.assert(
      fc.property(
        messages,
        fc.constantFrom<CacheAsking>('automatic', 'marked', 'declared', 'not-asked'),
        (list, asking) => {
          const { parts, tokens, prefix } = measured(
            list.map(({ role, pieces, mark }) => ({
              role,
              example: false,
              content: [
                {
                  kind: 'text',
                  pieces: pieces.map(({ text, variable, varies }) =>
                    variable === undefined ? said(text) : printed(variable, text, varies),
                  ),
                },
              ],
              ...(mark ? { cacheBreakpoint: {} } : {}),
            })),
            { asking },
          );
          const sum = (of: (part: (typeof parts)[number]) => number) =>
            parts.reduce((total, part) => total + of(part), 0);
          expect(sum((part) => part.tokens.tokens)).toBe(tokens.tokens);
          expect(sum((part) => part.prefix.tokens)).toBe(prefix.tokens);
          for (const part of parts)
            expect(part.prefix.tokens).toBeLessThanOrEqual(part.tokens.tokens);
        },
      ),
      { seed: 6 },
    );
  });
});
