import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { jinjaEngine } from '../../../src/prompts/rendering/jinja.ts';
import { rendered } from './rendered.ts';

const jinja = jinjaEngine();
const nunjucks = jinjaEngine({ dialect: 'nunjucks', keepTrailingNewline: true });

const DATA = {
  name: 'Ana',
  items: ['hat', 'coat'],
  order: {
    id: 7,
    lines: [
      { sku: 'a', count: 2 },
      { sku: 'b', count: 1 },
    ],
  },
  vip: true,
  empty: [],
  text: '  two words ',
};

describe('a Jinja template', () => {
  it.each([
    ['prints variables', 'Hi {{ name }}!', 'Hi Ana!'],
    [
      'reaches into maps and lists',
      '{{ order.id }} {{ order["lines"][1].sku }} {{ items[-1] }}',
      '7 b coat',
    ],
    [
      'loops with what is known of the pass',
      '{% for i in items %}{{ loop.index }}/{{ loop.length }} {{ i }}{% if not loop.last %}, {% endif %}{% endfor %}',
      '1/2 hat, 2/2 coat',
    ],
    ['loops over pairs', '{% for k, v in order.items() %}{{ k }};{% endfor %}', 'id;lines;'],
    [
      'loops over what passes a condition',
      '{% for l in order.lines if l.count > 1 %}{{ l.sku }}{% else %}none{% endfor %}',
      'a',
    ],
    ['prints the else of an empty loop', '{% for i in empty %}x{% else %}none{% endfor %}', 'none'],
    [
      'chooses',
      '{% if not vip %}a{% elif order.id == 7 and name in ["Ana"] %}b{% else %}c{% endif %}',
      'b',
    ],
    ['chooses within an expression', '{{ "VIP" if vip else "guest" }}{{ "x" if not vip }}', 'VIP'],
    ['strips blanks where a tag says so', 'a  {%- if vip -%}  b  {%- endif %}  c', 'ab  c'],
    ['drops comments', 'a{# secret {{ name }} #}b', 'ab'],
    ['keeps raw text as it is', '{% raw %}{{ name }}{% endraw %}', '{{ name }}'],
    [
      'keeps sets within a loop to the loop',
      '{% set x = 1 %}{% for i in items %}{% set x = 9 %}{% endfor %}{{ x }}',
      '1',
    ],
    [
      'changes namespaces from within a loop',
      '{% set n = namespace(t=0) %}{% for l in order.lines %}{% set n.t = n.t + l.count %}{% endfor %}{{ n.t }}',
      '3',
    ],
    ['takes what a set prints', '{% set x %}Hi {{ name }}{% endset %}{{ x | upper }}', 'HI ANA'],
    [
      'calls macros with defaults',
      '{% macro hi(who, sign="!") %}Hi {{ who }}{{ sign }}{% endmacro %}{{ hi(name) }} {{ hi("Bo", sign="?") }}',
      'Hi Ana! Hi Bo?',
    ],
    [
      'gives macros a body',
      '{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}{{ name }}{% endcall %}',
      '[Ana]',
    ],
    ['slices', '{{ items[:1] | join }} {{ name[::-1] }} {{ name[1:] }}', 'hat anA na'],
    [
      'computes',
      '{{ 7 // 2 }} {{ 7 % 3 }} {{ 2 ** 3 }} {{ 1 + 2 * 3 }} {{ "a" ~ 1 }} {{ -order.id }}',
      '3 1 8 7 a1 -7',
    ],
    [
      'prints values as Python does',
      '{{ true }} {{ none }} {{ items }} {{ {"a": 1} }}',
      "True None ['hat', 'coat'] {'a': 1}",
    ],
    [
      'filters text',
      '{{ text | trim | title }}|{{ name | replace("A", "O") }}|{{ "a\nb" | indent(2) }}',
      'Two Words|Ona|a\n  b',
    ],
    [
      'filters lists',
      '{{ items | sort | first }} {{ order.lines | map(attribute="sku") | join("+") }} {{ order.lines | sum(attribute="count") }} {{ order.lines | selectattr("count", "gt", 1) | list | length }}',
      'coat a+b 3 1',
    ],
    [
      'writes JSON as json.dumps does, with names sorted and HTML escaped',
      '{{ {"b": "<é>", "a": [1, true, none]} | tojson }}',
      '{"a": [1, true, null], "b": "\\u003c\\u00e9\\u003e"}',
    ],
    [
      'falls back where nothing is given',
      '{{ missing | default("calm") }} {{ "" | d("x", true) }} {{ "yes" if missing is not defined }}',
      'calm x yes',
    ],
    [
      'tests values',
      '{{ 4 is even }} {{ 9 is divisibleby(3) }} {{ name is string }} {{ order is mapping }}',
      'True True True True',
    ],
    ['drops one line break that ends it', 'a\n\n', 'a\n'],
    ['filters blocks', '{% filter upper %}hi {{ name }}{% endfilter %}', 'HI ANA'],
    ['opens a scope', '{% with x = name %}{{ x }}{% endwith %}', 'Ana'],
    [
      'leaves loops',
      '{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}',
      '02',
    ],
  ])('%s', (_what, template, expected) => {
    expect(rendered(jinja, template, DATA)).toMatchObject({ text: expected, findings: [] });
  });

  it('drops line breaks after tags and indents before them where the environment says so', () => {
    const environment = jinjaEngine({ trimBlocks: true, lstripBlocks: true });
    expect(
      rendered(environment, 'a\n  {% if vip %}\n  b\n  {% endif %}\nc {{ name }}\n', DATA).text,
    ).toBe('a\n  b\nc Ana');
  });

  it.each([
    'Hello {{ name }}{% for i in items %} {{ i|upper }}{% endfor %}',
    '{% for l in order.lines %}{{ loop.index0 }}{{ l.sku }}{{ l.count + 1 }}{% endfor %}',
    '{% if vip and items|length > 1 %}{{ items|join(", ") }}{% endif %}',
    '{{ name[0:2] ~ "-" ~ order.id }}{% set x = items[0] %}{{ x.upper() }}',
    '{%- for i in items -%} {{ i }} {%- endfor -%}',
    '{{ text.strip() }}{{ "no" if vip is false else "yes" }}{{ order["id"] * 2 }}',
  ])('renders as another implementation does: %s', (template) => {
    expect(rendered(jinja, template, DATA).text).toBe(new Template(template).render(DATA));
  });
});

describe('what is printed', () => {
  it('is attributed to the variable at the root of its expression', () => {
    const { pieces } = rendered(
      jinja,
      'A {% for l in order.lines %}{{ l.sku | upper }},{% endfor %}{{ name ~ "!" }}',
      DATA,
    );
    expect(pieces).toEqual([
      { kind: 'text', text: 'A ', varies: false },
      { kind: 'text', text: 'A', variable: 'order', varies: true },
      { kind: 'text', text: ',', varies: false },
      { kind: 'text', text: 'B', variable: 'order', varies: true },
      { kind: 'text', text: ',', varies: false },
      { kind: 'text', text: 'Ana', variable: 'name', varies: true },
      { kind: 'text', text: '!', varies: false },
    ]);
  });

  it('keeps what its parts came from through macros and sets', () => {
    const { pieces } = rendered(
      jinja,
      '{% macro hi(x) %}Hi {{ x }}{% endmacro %}{% set y = hi(name) %}{{ y }}',
      DATA,
    );
    expect(pieces).toEqual([
      { kind: 'text', text: 'Hi ', varies: false },
      { kind: 'text', text: 'Ana', variable: 'name', varies: true },
    ]);
  });

  it('is a size where only that is known, through filters that keep it', () => {
    const ticket = { kind: 'sized', tokens: 180 };
    const { text, findings } = rendered(
      jinja,
      '{{ ticket | list | join(", ") | trim }}{% if ticket %}!{% endif %}{{ "a" ~ ticket }}',
      { ticket },
    );
    expect({ text, findings }).toEqual({ text: '<180>!a<180>', findings: [] });
    expect(
      rendered(jinja, '{{ ticket.id }}{% for t in ticket %}+{{ t }}{% endfor %}', { ticket }),
    ).toMatchObject({
      text: '<180>+<180>',
      findings: [
        'warning sized-value-used main:1 a value that only its size is known of is asked for its part "id", which is counted as the whole value',
        'warning sized-value-used main:1 a value that only its size is known of is asked for its items, which is counted as the whole value',
      ],
    });
    expect(rendered(jinja, '{{ ticket | length }}', { ticket }).findings).toEqual([
      'error sized-value-used main:1 a value that only its size is known of is asked for the filter "length"; give it a text or a file instead',
    ]);
  });

  it('is attributed to the file that it is included from', () => {
    const { pieces, variables } = rendered(jinja, 'a{% include "b.j2" %}', DATA, {
      'b.j2': 'b {{ name }}',
    });
    expect(variables).toEqual(['name']);
    expect(pieces).toEqual([
      { kind: 'text', text: 'a', varies: false },
      { kind: 'text', text: 'b ', varies: false, origin: { file: 'b.j2' } },
      { kind: 'text', text: 'Ana', variable: 'name', varies: true },
    ]);
  });

  it('takes macros from other files', () => {
    const files = { 'm.j2': '{% macro hi(x) %}Hi {{ x }}{% endmacro %}' };
    expect(rendered(jinja, '{% from "m.j2" import hi as h %}{{ h(name) }}', DATA, files).text).toBe(
      'Hi Ana',
    );
    expect(rendered(jinja, '{% import "m.j2" as m %}{{ m.hi(name) }}', DATA, files).text).toBe(
      'Hi Ana',
    );
  });
});

describe('the findings of a Jinja template', () => {
  it('name undefined variables with their line, once, and none that are asked for being defined', () => {
    const template =
      '{{ a }}\n{% for i in range(5) %}{{ b.c }}{% endfor %}\n{% if d %}{% endif %}{% if e is defined %}{{ e }}{% endif %}';
    const { findings, variables } = rendered(jinja, template);
    expect(variables).toEqual(['a', 'b', 'd', 'e']);
    expect(findings).toEqual([
      'warning undefined-variable main:1 "a" has no value, so nothing is counted for it',
      'warning undefined-variable main:2 "b" has no value, so nothing is counted for it',
      'notice undefined-variable main:3 "d" has no value, so a condition takes it as false',
    ]);
  });

  it('name parts that a value has not', () => {
    expect(rendered(jinja, '{{ order.city }}', DATA).findings).toEqual([
      'warning undefined-variable main:1 "order.city" has no value, so nothing is counted for it',
    ]);
  });

  it.each([
    ['a\n{{ name', 'main:2 {{ has no }}'],
    ['{% if x %}\n\na', 'main:1 {% if %} has no {% endif %}'],
    ['\n{% endif %}', 'main:2 {% endif %} closes nothing that is open'],
    ['{% frobnicate %}', 'main:1 unknown tag {% frobnicate %}'],
    ['{{ a b }}', 'main:1 unexpected "b"'],
    ['{{ "a }}', 'main:1 a string is not closed'],
    ['{{ (a }}', 'main:1 expected ")", found "}}"'],
    ['{{ }}', 'main:1 {{ }} is empty'],
    ['{# a', 'main:1 a comment {# has no #}'],
    ['{{ a ? b }}', 'main:1 unexpected "?" in {{ … }}'],
  ])('tell where %j is no template', (template, expected) => {
    expect(rendered(jinja, template).findings).toEqual([`error template-syntax ${expected}`]);
  });

  it('name filters and calls that are not made', () => {
    expect(rendered(jinja, '{{ "a" | frob }}{{ frob(1) }}').findings).toEqual([
      'warning unresolved-filter main:1 the filter "frob" is not known here, so its input is counted as it is',
      'error unresolved-call main:1 the call of "frob" is not made here, so what it prints is not known',
    ]);
  });

  it('name includes that are missing, and those that include themselves', () => {
    expect(
      rendered(jinja, '{% include "x.j2" %}{% include "y.j2" ignore missing %}').findings,
    ).toEqual(['error missing-include main:1 includes "x.j2", which is not there']);
    const files = { 'a.j2': '{% include "b.j2" %}', 'b.j2': '{% include "a.j2" %}' };
    expect(rendered(jinja, '{% include "a.j2" %}', {}, files).findings).toEqual([
      'error include-cycle a.j2 "a.j2" includes itself: a.j2 → b.j2 → a.j2',
    ]);
  });
});

describe('a Nunjucks template', () => {
  it.each([
    ['prints values as JavaScript does', '{{ true }} {{ none }}{{ items }}', 'true hat,coat'],
    [
      'keeps sets of a loop',
      '{% set x = 1 %}{% for i in items %}{% set x = i %}{% endfor %}{{ x }}',
      'coat',
    ],
    ['loops over pairs of a map', '{% for k, v in order %}{{ k }};{% endfor %}', 'id;lines;'],
    [
      'has elseif, strict equality and lengths',
      '{% if name === "x" %}a{% elseif items.length == 2 %}b{% endif %}',
      'b',
    ],
    ['dumps JSON', '{{ order.lines[0] | dump }}', '{"sku":"a","count":2}'],
    ['keeps the line break at its end', 'a\n', 'a\n'],
  ])('%s', (_what, template, expected) => {
    expect(rendered(nunjucks, template, DATA)).toMatchObject({ text: expected, findings: [] });
  });
});

describe('functions of a format', () => {
  it('may take what was printed so far', () => {
    const taken: string[] = [];
    const engine = jinjaEngine({
      functions: new Map([
        [
          '_.role',
          ({ plain: [role] }, output) => {
            taken.push(
              `${JSON.stringify(role)} after ${output
                .take()
                .map((piece) => (piece.kind === 'text' ? piece.text : ''))
                .join('')}`,
            );
            return undefined;
          },
        ],
      ]),
    });
    const { text, variables } = rendered(engine, 'a{{ _.role("user") }}b{{ name }}', DATA);
    expect({ text, taken, variables }).toEqual({
      text: 'bAna',
      taken: ['"user" after a'],
      variables: ['name'],
    });
  });
});
