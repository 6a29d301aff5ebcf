import { describe, expect, it } from 'vitest';
import { jinjaEngine } from '../../../src/prompts/rendering/jinja.ts';
import { RenderingCapError } from '../../../src/prompts/rendering/output.ts';
import { rendered } from './rendered.ts';

const jinja = jinjaEngine();
const DATA = { name: 'Ana', items: ['hat', 'coat'], order: { id: 7 } };

describe('a template that has no end', () => {
  const doubling =
    '{% set ns = namespace(s="x") %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}';
  it.each([
    ['{% for i in range(10**9) %}x{% endfor %}', 'asks range for more than 100,000 numbers'],
    [
      '{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}',
      'takes more than 1,000,000 steps to render',
    ],
    ['{{ "x" * 10 ** 9 }}', 'makes a value of more than 67,108,864 characters'],
    [doubling, 'makes a value of more than 67,108,864 characters'],
    [
      '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
      'has more than 50 macros and includes inside of each other',
    ],
    ['{{ "a" | center(10 ** 12) }}', 'makes a value of more than 67,108,864 characters'],
  ])('%j ends at a cap', (template, message) => {
    expect(() => rendered(jinja, template)).toThrow(new RenderingCapError(message));
  });

  it('cannot nest deeper than it can be walked', () => {
    for (const template of [
      '{{ ' + '('.repeat(5000) + 'a' + ')'.repeat(5000) + ' }}',
      '{{ a' + '+a'.repeat(5000) + ' }}',
      '{% if a %}'.repeat(5000),
      '{{ a' + '|e'.repeat(5000) + ' }}',
      '{{ ' + '-'.repeat(5000) + 'a }}',
    ])
      expect(rendered(jinja, template).findings[0]).toMatch(
        /^error template-syntax main:1 (nests deeper|more than 200)/,
      );
  });

  it('cannot overflow with values inside of each other', () => {
    const template =
      '{% set ns = namespace(v=[]) %}{% for i in range(50000) %}{% set ns.v = [ns.v] %}{% endfor %}{{ ns.v }}';
    expect(() => rendered(jinja, template)).toThrow(
      new RenderingCapError('nests too deeply to be rendered'),
    );
  });

  it('is read in time that grows with its length only', () => {
    const million = 1_000_000;
    for (const template of [
      ' '.repeat(million),
      '{'.repeat(million),
      '{{' + ' '.repeat(million),
      '{{ "' + '\\'.repeat(million),
      '{% raw %}' + '{% '.repeat(million / 4),
      '-%}'.repeat(million / 3),
      '{# ' + '#'.repeat(million),
    ])
      expect(rendered(jinja, template).variables).toEqual([]);
  });
});

describe('names that objects of JavaScript have', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    '%s is undefined',
    (name) => {
      const { text, findings } = rendered(
        jinja,
        `{{ ${name} }}{{ order.${name} }}{{ name.${name} }}{{ items.${name} }}`,
        DATA,
      );
      expect(text).toBe('');
      expect(findings).toHaveLength(4);
      expect(rendered(jinja, `{{ order.${name}("return 1")() }}`, DATA).findings[0]).toMatch(
        /^error unresolved-call/,
      );
    },
  );
});
