import fc from 'fast-check';
import mustache from 'mustache';
import { describe, expect, it } from 'vitest';
import { mustacheEngine } from '../../../src/prompts/rendering/mustache.ts';
import { rendered } from './rendered.ts';

const engine = mustacheEngine();

const DATA = {
  name: 'Ana & Bo',
  vip: true,
  guest: false,
  lines: [{ sku: 'a' }, { sku: 'b' }],
  tags: ['x', 'y'],
  order: { id: 7, name: 'inner', none: [] },
};

const PARTIALS = { sig: 'Bye {{name}}\n  {{#vip}}\n  VIP\n  {{/vip}}\n', flat: '{{order.id}}' };

/** Parts that templates are put together from, in any order. */
const PARTS = [
  'text',
  ' ',
  '\n',
  '{',
  '{{name}}',
  '{{ order.id }}',
  '{{{name}}}',
  '{{&name}}',
  '{{#lines}}{{sku}}{{name}}{{/lines}}',
  '{{#tags}}\n{{.}}\n{{/tags}}',
  '{{#order}}{{name}}{{^none}}none{{/none}}{{/order}}',
  '{{^vip}}no{{/vip}}',
  '  {{#vip}}\n',
  '{{/vip}}\n',
  '{{! a\nb }}',
  '\n  {{>sig}}\n',
  'x{{>flat}}',
  '{{=<% %>=}}<%name%><%={{ }}=%>',
];

/** What mustache.js makes of a template; it indents partials in the midst of a line too, which the specification does not. */
function peerRendered(template: string): string {
  try {
    return mustache.render(template, DATA, PARTIALS, { escape: String });
  } catch {
    return 'broken';
  }
}

describe('a Mustache template', () => {
  it('renders as mustache.js does without escaping, for templates put together of any parts', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }), (parts) => {
        const template = parts.join('');
        const { text, findings } = rendered(engine, template, DATA, PARTIALS);
        const isBroken = findings.some((finding) => finding.startsWith('error template-syntax'));
        expect(isBroken ? 'broken' : text).toBe(peerRendered(template));
      }),
      { seed: 6, numRuns: 800 },
    );
  });

  it('prints what each part came from', () => {
    const { pieces, variables } = rendered(
      engine,
      'Hi {{name}}{{#lines}} {{sku}}{{/lines}}{{>flat}}',
      DATA,
      PARTIALS,
    );
    expect(variables).toEqual(['lines', 'name', 'order', 'sku']);
    expect(pieces).toEqual([
      { kind: 'text', text: 'Hi ', varies: false },
      { kind: 'text', text: 'Ana & Bo', variable: 'name', varies: true },
      { kind: 'text', text: ' ', varies: false },
      { kind: 'text', text: 'a', variable: 'lines', varies: true },
      { kind: 'text', text: ' ', varies: false },
      { kind: 'text', text: 'b', variable: 'lines', varies: true },
      { kind: 'text', text: '7', variable: 'order', varies: true },
    ]);
  });

  it('prints a size where only that is known, and takes it as true', () => {
    const ticket = { kind: 'sized', tokens: 180 };
    expect(rendered(engine, '{{#ticket}}[{{.}}]{{/ticket}}{{ticket}}', { ticket }).text).toBe(
      '[<180>]<180>',
    );
    expect(rendered(engine, '{{ticket.id}}', { ticket })).toMatchObject({
      text: '<180>',
      findings: [
        'warning sized-value-used main:1 a value that only its size is known of is asked for its part "id", which is counted as the whole value',
      ],
    });
  });

  it('names what has no value', () => {
    expect(rendered(engine, 'a\n{{b}}{{c.d}}\n{{#e}}{{f}}{{/e}}{{^g}}none{{/g}}').findings).toEqual(
      [
        'warning undefined-variable main:2 "b" has no value, so nothing is counted for it',
        'warning undefined-variable main:2 "c.d" has no value, so nothing is counted for it',
        'notice undefined-variable main:3 "e" has no value, so a condition takes it as false',
        'notice undefined-variable main:3 "g" has no value, so a condition takes it as false',
      ],
    );
  });

  it.each([
    ['a\n{{b', 'main:2 {{ has no }}'],
    ['{{#a}}\n', 'main:1 {{#a}} has no {{/a}}'],
    ['\n{{#a}}{{/b}}', 'main:2 {{#a}} is closed by {{/b}}'],
    ['{{/a}}', 'main:1 {{/a}} closes nothing that is open'],
    ['{{{a}}', 'main:1 {{ has no }}}'],
    ['{{=a=}}', 'main:1 new delimiters are two, with a blank between them'],
    ['{{#a}}'.repeat(5000), 'main:1 nests deeper than 200 levels'],
  ])('tells where %j is none', (template, expected) => {
    expect(rendered(engine, template).findings).toEqual([`error template-syntax ${expected}`]);
  });

  it('names partials that are missing or include themselves', () => {
    expect(rendered(engine, '{{>none}}').findings).toEqual([
      'error missing-include main:1 includes "none", which is not there',
    ]);
    expect(rendered(engine, '{{>a}}', {}, { a: ' {{>a}}' }).findings).toEqual([
      'error include-cycle a "a" includes itself: a → a',
    ]);
  });

  it('has no names that objects of JavaScript have', () => {
    for (const name of [
      '__proto__',
      'constructor',
      'toString',
      'order.constructor',
      'tags.length',
      'name.length',
    ])
      expect(rendered(engine, `{{${name}}}`, DATA)).toMatchObject({
        text: '',
        findings: [expect.stringMatching(/^warning undefined-variable/)],
      });
  });

  it('is read in time that grows with its length only', () => {
    for (const template of [
      '{{' + ' '.repeat(1_000_000),
      ' '.repeat(1_000_000),
      '{'.repeat(1_000_001),
      '\n'.repeat(1_000_000),
    ])
      expect(rendered(engine, template).variables).toEqual([]);
  });
});
