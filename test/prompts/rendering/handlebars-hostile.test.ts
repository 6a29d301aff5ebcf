import { describe, expect, it } from 'vitest';
import { RenderingCapError } from '../../../src/prompts/rendering/output.ts';
import type { Values } from '../../../src/prompts/rendering/values.ts';
import { brokenFinding, rendered } from './handlebars-rendered.ts';
import { valuesOf } from './rendered.ts';

describe('a text that is no Handlebars template', () => {
  it.each([
    ['a\n{{#if x}\nb', 11, 'is no Handlebars template near "a{{#if x}b"'],
    ['a\n\n{{#if x}}b{{/each}}', 12, "is no Handlebars template: if doesn't match each"],
    ['{{#if x}}never closed', 10, 'is no Handlebars template near "...{#if x}}never closed"'],
    ['{{', 10, 'is no Handlebars template near "{{"'],
    [`\n${'{{#if a}}'.repeat(100_000)}`, 11, 'nests blocks or brackets more than 200 deep'],
    [`{{a ${'(b '.repeat(100_000)}}}`, 10, 'nests blocks or brackets more than 200 deep'],
  ])('is one error with its line: %.30s', (text, line, message) => {
    const finding = brokenFinding(text);
    expect([finding.level, finding.code, finding.message, finding.origin?.line]).toEqual([
      'error',
      'template-syntax',
      message,
      line,
    ]);
  });
});

describe('a hostile Handlebars template', () => {
  it.each([
    '{{constructor}}{{__proto__}}{{toString}}{{hasOwnProperty}}',
    '{{user.constructor}}{{user.__proto__.x}}{{list.constructor}}{{list.map}}{{name.constructor.name}}',
    '{{lookup user "constructor"}}{{lookup list "__proto__"}}{{#with (lookup name "constructor")}}x{{/with}}',
    '{{#each constructor}}x{{/each}}{{#constructor}}x{{/constructor}}{{@root.constructor}}{{@constructor}}',
  ])('reaches nothing that a value does not hold: %s', (text) => {
    const { text: printed, findings } = rendered(
      text,
      valuesOf({ user: { name: 'Bo' }, list: [1], name: 'Ada' }),
    );
    expect(printed).toBe('');
    expect(findings.every(({ code }) => code === 'undefined-variable')).toBe(true);
  });

  it('prints what a value does hold under such names', () => {
    const odd: Values = new Map([
      ['__proto__', { value: 'p' }],
      ['constructor', { value: new Map([['name', 'c']]) }],
    ]);
    expect(rendered('{{__proto__}}{{constructor.name}}', odd).text).toBe('pc');
  });

  it('has partials that include each other without end as one error', () => {
    const { findings } = rendered('{{> a}}', new Map(), { a: 'x{{> b}}', b: 'y{{> a}}{{> a}}' });
    expect(findings).toEqual([
      {
        level: 'error',
        code: 'include-cycle',
        message: '"_a" includes itself: _a → _b → _a',
        origin: { file: '_b', line: 1, column: 2 },
      },
    ]);
  });

  it('may include itself as deep as its data goes', () => {
    const values = valuesOf({ tree: { name: 'a', next: { name: 'b', next: { name: 'c' } } } });
    const { text } = rendered('{{> node tree}}', values, {
      node: '{{name}}{{#if next}}>{{> node next}}{{/if}}',
    });
    expect(text).toBe('a>b>c');
  });

  it('stops at the cap of steps', () => {
    const list = valuesOf({ list: Array.from({ length: 200 }, () => 1) });
    const text =
      '{{#each list}}'.repeat(5).replaceAll('list', '@root.list') + 'x' + '{{/each}}'.repeat(5);
    expect(() => rendered(text, list)).toThrow(RenderingCapError);
  });

  it('is read in moments, however long its line', () => {
    const start = performance.now();
    rendered(`${'x'.repeat(1_000_000)}{{a}}${' } {'.repeat(100_000)}`, valuesOf({ a: 1 }));
    brokenFinding('{{'.repeat(500_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
