import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { handlebarsEngine } from '../../../src/prompts/rendering/handlebars.ts';
import type { Helpers } from '../../../src/prompts/rendering/handlebars-helpers.ts';
import type { Value, Values } from '../../../src/prompts/rendering/values.ts';
import { type Plain, rendered, template } from './handlebars-rendered.ts';
import { valueOf, valuesOf } from './rendered.ts';

const upper = (value: Value | undefined): string =>
  typeof value === 'string' ? value.toUpperCase() : '';

describe('Handlebars, held against the library that compiles it', () => {
  const variables = {
    name: 'Ada <b>&amp;',
    zero: 0,
    no: false,
    yes: true,
    nothing: null,
    empty: '',
    none: [],
    list: ['a', 'b', 'c'],
    nested: [
      [1, 2],
      [3, null],
    ],
    user: { name: 'Bo', address: { city: 'Lyon' }, tags: ['x', 'y'], partial: 'head' },
    users: [
      { name: 'Cy', tags: ['p'] },
      { name: 'Di', tags: [] },
    ],
    'first name': 'Ed',
  } satisfies Readonly<Record<string, Plain>>;
  const partials = {
    head: 'Hello {{name}}!',
    'parts/two': 'two lines\n\nof {{name}}\n',
    layout: '[{{> @partial-block}}|{{> nav}}]',
    outer: '<{{#> layout}}{{> @partial-block}}{{#*inline "nav"}}n{{/inline}}{{/layout}}>',
  };
  it.each([
    ['variables, without escaping', 'Hi {{name}}, {{{name}}}, {{&name}}'],
    ['zero, false, null and empty text', '{{zero}}|{{no}}|{{nothing}}|{{empty}}|{{yes}}'],
    ['lists as text', '{{list}}|{{nested}}|{{none}}'],
    [
      'paths',
      '{{user.name}} {{user.address.city}} {{user/name}} {{list.[1]}} {{list.length}} {{name.length}} {{[first name]}} {{"first name"}}',
    ],
    [
      'if and unless with chains',
      '{{#if zero}}a{{else if no}}b{{else unless yes}}c{{else}}d{{/if}}{{#unless none}}e{{/unless}}{{#if zero includeZero=true}}f{{/if}}{{#if user}}g{{/if}}',
    ],
    [
      'each over a list',
      '{{#each list}}{{@index}}/{{@key}}{{#if @first}}<{{/if}}{{this}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}{{#each none}}x{{else}}none{{/each}}',
    ],
    ['each over an object', '{{#each user.address}}{{@key}}={{.}}{{@first}}{{@last}}{{/each}}'],
    [
      'each inside of each, with parents',
      '{{#each users}}{{name}}:{{#each tags}}{{../name}}-{{this}}-{{@../index}}-{{@root.name}}{{else}}no tags of {{name}}{{/each}};{{/each}}',
    ],
    [
      'block parameters',
      '{{#each users as |u i|}}{{i}}{{u.name}}{{#each u.tags as |t|}}{{t}}{{u.name}}{{/each}}{{/each}}{{#with user as |w|}}{{w.name}}{{/with}}',
    ],
    [
      'with and its else',
      '{{#with user}}{{name}} of {{../name}}{{/with}}{{#with none}}x{{else}}else{{/with}}',
    ],
    [
      'parents of an if are those of its surroundings',
      '{{#each users}}{{#if tags}}{{../name}}{{/if}}{{/each}}',
    ],
    [
      'blocks of variables',
      '{{#user}}{{name}}{{/user}}{{#users}}{{name}}{{/users}}{{#yes}}{{name}}{{/yes}}{{#no}}x{{else}}n{{/no}}{{^none}}none{{/none}}{{#zero}}0{{/zero}}',
    ],
    ['whitespace control', 'a  {{~name~}}  b\n  {{~#if yes~}}  c  {{~/if~}}  \nd'],
    [
      'statements alone in a line',
      'a\n  {{#if yes}}\n  b\n  {{/if}}\nc\n  {{! gone }}\nd {{!-- {{gone}} --}} e',
    ],
    ['escapes', 'a \\{{name}} b \\\\{{name}}'],
    ['partials', '{{> head}} {{> head name="Flo"}} {{> head user}} {{> "head"}} {{> parts/two}}'],
    ['partials inside of each', '{{#each users}}{{> head}}{{> head ../user}}{{/each}}'],
    ['indented partials', 'x\n   {{> parts/two}}\ny\n  {{> head}}\n'],
    [
      'partial blocks',
      '{{#> layout}}body of {{name}}{{#*inline "nav"}}nav {{name}}{{/inline}}{{/layout}}{{#> outer}}o{{/outer}}{{#> missing}}instead{{/missing}}',
    ],
    ['inline partials', '{{#*inline "row"}}<{{this}}>{{/inline}}{{#each list}}{{> row}}{{/each}}'],
    ['partials by a call', '{{> (lookup user "partial")}}'],
    [
      'lookup',
      '{{lookup list 1}}{{lookup user "name"}}{{#each list}}{{lookup ../list @index}}{{/each}}{{#with (lookup users 0)}}{{name}}{{/with}}',
    ],
    [
      'literals',
      '{{#if "x"}}a{{/if}}{{#if 0}}b{{/if}}{{#if true}}c{{/if}}{{#if null}}d{{/if}}{{#if undefined}}e{{/if}}{{lookup list 2}}',
    ],
    ['text that only looks like a template', '{ {name} } }} {a} $'],
  ])('%s', (_, text) => {
    const oracle = Handlebars.create();
    for (const [name, partial] of Object.entries(partials)) oracle.registerPartial(name, partial);
    const expected = oracle.compile(text, { noEscape: true })(variables);
    expect(rendered(text, valuesOf(variables), partials).text).toBe(expected);
  });
});

describe('what a Handlebars template prints', () => {
  it('is attributed to the variable at the root of an expression', () => {
    const values: Values = new Map([
      ['user', { value: valueOf({ name: 'Bo' }), origin: { file: 'sample.json', line: 1 } }],
      ['lang', { value: 'fr', constant: true }],
    ]);
    expect(rendered('Hi {{user.name}} in {{lang}}.', values).pieces).toEqual([
      { kind: 'text', text: 'Hi ', varies: false },
      {
        kind: 'text',
        text: 'Bo',
        varies: true,
        variable: 'user',
        origin: { file: 'sample.json', line: 1 },
      },
      { kind: 'text', text: ' in ', varies: false },
      { kind: 'text', text: 'fr', varies: false, variable: 'lang' },
      { kind: 'text', text: '.', varies: false },
    ]);
  });

  it('is attributed to the file of the partial it stands in', () => {
    expect(rendered('a{{> p}}c', new Map(), { p: 'b' }).pieces).toEqual([
      { kind: 'text', text: 'a', varies: false },
      { kind: 'text', text: 'b', varies: false, origin: { file: '_p' } },
      { kind: 'text', text: 'c', varies: false },
    ]);
  });

  it('has the size of a value that only a size is known of', () => {
    const values: Values = new Map([['doc', { value: { kind: 'sized', tokens: 260 } }]]);
    const { pieces, findings } = rendered('{{#if doc}}{{doc}}{{/if}}', values);
    expect(pieces).toEqual([{ kind: 'sized', tokens: 260, variable: 'doc', varies: true }]);
    expect(findings).toEqual([]);
  });

  it('has the whole size where a member of such a value is printed', () => {
    const values: Values = new Map([['user', { value: { kind: 'sized', tokens: 40 } }]]);
    const { pieces, findings } = rendered('{{user.name}}', values);
    expect(pieces).toEqual([{ kind: 'sized', tokens: 40, variable: 'user', varies: true }]);
    expect(findings).toEqual([]);
  });

  it('counts a list of which only a size is known once, and says so', () => {
    const values: Values = new Map([['docs', { value: { kind: 'sized', tokens: 900 } }]]);
    const { pieces, findings } = rendered('{{#each docs}}- {{title}}\n{{/each}}', values);
    expect(pieces).toEqual([{ kind: 'sized', tokens: 900, variable: 'docs', varies: true }]);
    expect(findings).toEqual([
      {
        level: 'warning',
        code: 'sized-value-used',
        message:
          'only the size of "docs" is known, so it is counted once and the text around its items is not',
        origin: { file: 'a.prompt', line: 10, column: 1 },
      },
    ]);
  });
});

describe('what a Handlebars template leaves open', () => {
  it('is a warning where a variable without a value is printed, with its line', () => {
    const { text, findings } = rendered('one\ntwo {{tone}} {{user.name}}', valuesOf({ user: {} }));
    expect(text).toBe('one\ntwo  ');
    expect(
      findings.map(({ level, code, message, origin }) => [level, code, message, origin]),
    ).toEqual([
      [
        'warning',
        'undefined-variable',
        '"tone" has no value, so nothing is counted for it',
        { file: 'a.prompt', line: 11, column: 7 },
      ],
      [
        'warning',
        'undefined-variable',
        '"user.name" has no value, so nothing is counted for it',
        { file: 'a.prompt', line: 11, column: 16 },
      ],
    ]);
  });

  it('is a notice where a condition asks for it, and where a block goes over it', () => {
    const { findings } = rendered('{{#if vip}}x{{/if}}{{#vip}}y{{/vip}}');
    expect(findings.map(({ level, message }) => [level, message])).toEqual([
      ['notice', '"vip" has no value, so a condition takes it as false'],
    ]);
  });

  it('is a warning for a helper that nobody knows', () => {
    const { text, findings } = rendered(
      'a{{shout name}}{{#twice x=1}}b{{/twice}}{{lookup (up 1) 2}}',
    );
    expect(text).toBe('a');
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['unresolved-call', 'calls "shout", which is not known here, so nothing is counted for it'],
      ['unresolved-call', 'calls "twice", which is not known here, so nothing is counted for it'],
      ['unresolved-call', 'calls "up", which is not known here, so nothing is counted for it'],
    ]);
  });

  it('is an error for a partial that is not there', () => {
    expect(rendered('a\n{{> gone}}b').findings).toEqual([
      {
        level: 'error',
        code: 'missing-include',
        message: 'the partial "gone" is not there',
        origin: { file: 'a.prompt', line: 11, column: 1 },
      },
    ]);
  });

  it('is a warning for an object that is printed whole', () => {
    const { text, findings } = rendered('{{user}}', valuesOf({ user: { name: 'Bo' } }));
    expect(text).toBe('[object Object]');
    expect(findings.map(({ message }) => message)).toEqual([
      '"user" is printed whole, which Handlebars writes as [object Object]',
    ]);
  });
});

describe('the variables of a Handlebars template', () => {
  it.each([
    ['{{a}} {{b.c}} {{#if d}}{{e}}{{else}}{{f}}{{/if}}', ['a', 'b', 'd', 'e', 'f']],
    [
      '{{#each items}}{{title}} {{../lang}} {{@root.tone}} {{@index}}{{/each}}',
      ['items', 'lang', 'tone'],
    ],
    ['{{#each items as |item|}}{{item.title}}{{/each}}{{item}}', ['item', 'items']],
    ['{{> p}}{{> p user}}{{> p x="1" y=z}}', ['user', 'x', 'z']],
    ['{{history}} {{this.history}}', ['history']],
    ['{{lookup table key}} {{shout word}}', ['key', 'table', 'word']],
  ])('of %s are %j', (text, expected) => {
    const partials = { p: '{{x}}{{> q}}', q: '{{> p}}' };
    expect(template(text, partials, new Set(['history'])).variables).toEqual(expected);
  });

  it('are named by includes for who reads files', () => {
    const text =
      '{{> a}}{{#if x}}{{> dir/b y=1}}{{/if}}{{#*inline "own"}}{{> c}}{{/inline}}{{> own}}';
    expect(handlebarsEngine.includes(text)).toEqual(['a', 'dir/b', 'c']);
    expect(handlebarsEngine.includes('{{#if')).toEqual([]);
  });
});

describe('helpers of a format', () => {
  it('print, give values to other calls, and choose between bodies', () => {
    const helpers: Helpers = new Map([
      ['shout', { run: ({ plain: [word] }) => ({ ...word, value: upper(word?.value) }) }],
      [
        'both',
        {
          run({ body, otherwise }) {
            body();
            otherwise();
            return undefined;
          },
        },
      ],
      [
        'line',
        {
          run({ output, named }) {
            output.text(`-${upper(named.get('by')?.value)}-`);
            return undefined;
          },
        },
      ],
    ]);
    const { text, findings } = rendered(
      '{{shout "a"}}{{#if (shout name)}}{{shout (shout name)}}{{/if}}{{#both}}1{{else}}2{{/both}}{{line by="x"}}',
      valuesOf({ name: 'bo' }),
      {},
      helpers,
    );
    expect(text).toBe('ABO12-X-');
    expect(findings).toEqual([]);
  });
});
