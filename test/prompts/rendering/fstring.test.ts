import { describe, expect, it } from 'vitest';
import { fstringEngine } from '../../../src/prompts/rendering/fstring.ts';
import { plainEngine } from '../../../src/prompts/rendering/plain.ts';
import { rendered } from './rendered.ts';

const engine = fstringEngine();
const DATA = { name: 'Ana', order: { id: 7, lines: ['a', 'b'] }, vip: true };

describe("a template of Python's str.format", () => {
  it.each([
    ['prints variables', 'Hi {name}!', 'Hi Ana!'],
    ['has braces by doubling them', '{{"a": {name}}} }}{{', '{"a": Ana} }{'],
    ['reaches into maps and lists', '{order.id} {order[lines][1]}', '7 b'],
    ['prints values as Python does', '{vip} {order[lines]}', "True ['a', 'b']"],
  ])('%s', (_what, template, expected) => {
    expect(rendered(engine, template, DATA)).toMatchObject({ text: expected, findings: [] });
  });

  it('names its variables and attributes what they print', () => {
    const { variables, pieces } = rendered(engine, 'a {name}{b.c}', DATA);
    expect(variables).toEqual(['b', 'name']);
    expect(pieces).toEqual([
      { kind: 'text', text: 'a ', varies: false },
      { kind: 'text', text: 'Ana', variable: 'name', varies: true },
    ]);
  });

  it('notices formats that it does not follow, and names without a value', () => {
    expect(rendered(engine, '{name!r}\n{name:>{width}}{gone}', DATA).findings).toEqual([
      'warning unfollowed-format main:1 the format "!r" is not followed, so the value is counted as it is',
      'warning unfollowed-format main:2 the format ":>{width}" is not followed, so the value is counted as it is',
      'warning undefined-variable main:2 "gone" has no value, so nothing is counted for it',
    ]);
  });

  it.each([
    [
      'a\n{"b": 1}',
      String.raw`main:2 "\"b\": 1" is no name of a variable; write {{ and }} for braces`,
    ],
    ['a } b', 'main:1 a } without a {; write }} for a brace'],
    ['{a', 'main:1 a { without its }; write {{ for a brace'],
    ['{}', 'main:1 "" is no name of a variable; write {{ and }} for braces'],
    ['{a b}', 'main:1 "a b" is no name of a variable; write {{ and }} for braces'],
    [
      `{${'a.'.repeat(60)}a}`,
      'main:1 "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.... is no name of a variable; write {{ and }} for braces',
    ],
  ])('tells where %j is none', (template, expected) => {
    expect(rendered(engine, template).findings).toEqual([`error template-syntax ${expected}`]);
  });

  it('has no names that objects of JavaScript have', () => {
    const { text, findings } = rendered(
      engine,
      '{__class__}{name.__proto__}{order.constructor}',
      DATA,
    );
    expect(text).toBe('');
    expect(findings).toHaveLength(3);
  });

  it('is read in time that grows with its length only', () => {
    for (const template of [
      '{{'.repeat(500_000),
      `{${'['.repeat(1_000_000)}}`,
      `{a${':'.repeat(1_000_000)}`,
    ])
      expect(rendered(engine, template).variables).toEqual([]);
  });
});

describe('text without a template language', () => {
  it('stays as it stands', () => {
    expect(rendered(plainEngine(), '{{ a }}\r\n{b}\n', { a: 1 })).toMatchObject({
      text: '{{ a }}\r\n{b}\n',
      findings: [],
      variables: [],
    });
    expect(rendered(plainEngine(), '')).toMatchObject({ text: '', pieces: [] });
  });
});
