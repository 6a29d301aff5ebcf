import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/settings.ts';
import { showOrigin, UserError } from '../../src/errors.ts';
import { freshFolder } from '../support/fake-runtime.ts';

const folder = freshFolder();
let files = 0;

const rulesOf = async (text: string) => {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(file, text);
  return (await readSettings(file)).tagRules;
};

/** `line:column: message` of the error that a text causes. */
async function errorOf(text: string): Promise<string> {
  try {
    await rulesOf(text);
  } catch (error) {
    if (!(error instanceof UserError) || error.origin === undefined) throw error;
    return `${showOrigin({ ...error.origin, file: '' }).slice(1)}: ${error.message}`;
  }
  return 'no error';
}

describe('the rules of aicost.yaml', () => {
  it('name tags by their usual names, and days by the zone of the file', async () => {
    const rules = await rulesOf(`timezone: Europe/Berlin
tags:
  required: [feature_id, team]
  required_where: [{where: [env=prod], keys: customer}]
  allowed: {environment: [prod, dev]}
  virtual: [{tag: stage, value: prod, match: Production, since: 2026-10-01}]
  infer: [session, run, run]
  cloud: {CostCenter: cost_center}
keys: [{api_key: "checkout-*", set: {team_id: checkout}, until: "2026-10-01T09:00:00Z"}]
owners: [{where: team=search, owner: ana@example.com}]
`);
    expect(rules).toMatchObject({
      required: ['feature', 'team'],
      requiredWhere: [
        {
          where: [{ dimension: { kind: 'tag', name: 'env' }, negated: false, pattern: 'prod' }],
          keys: ['customer'],
        },
      ],
      // Midnight in Berlin is 22:00 UTC in summer.
      virtual: [{ tag: 'env', value: 'prod', since: Date.parse('2026-09-30T22:00:00Z') }],
      infer: ['session', 'run'],
      cloud: new Map([['CostCenter', 'cost_center']]),
      keys: [
        {
          text: 'api_key=checkout-*',
          set: new Map([['team', 'checkout']]),
          until: Date.parse('2026-10-01T09:00:00Z'),
        },
      ],
      owners: [{ owner: 'ana@example.com' }],
    });
    expect(rules?.allowed.get('env')?.map(({ text }) => text)).toEqual(['prod', 'dev']);
  });

  it('are UTC where the file names no zone, whatever machine reads it', async () => {
    const rules = await rulesOf('keys: [{api_key: a, set: {team: b}, since: 2026-10-01}]');
    expect(rules?.keys[0]?.since).toBe(Date.parse('2026-10-01T00:00:00Z'));
  });

  it('are none where the file says nothing of them', async () =>
    expect(await rulesOf('timezone: UTC\n')).toBeUndefined());

  it.each([
    ['tags: {requird: [a]}', '1:8: tags: unknown key "requird"; did you mean "required"?'],
    [
      'tags: {required: [model]}',
      '1:19: tags.required: expected a tag, found "model", which is a fact of every call',
    ],
    [
      'tags: {required: [run_id]}',
      '1:19: tags.required: expected a tag that many calls share, found "run"',
    ],
    [
      'tags: {infer: [sesion]}',
      '1:16: tags.infer: expected run, session, api_key, found "sesion"; did you mean "session"?',
    ],
    ['tags: {virtual: [{tag: env, match: a}]}', '1:18: tags.virtual[0]: missing key "value"'],
    [
      'tags: {virtual: [{tag: env, value: a, match: "/(?=a)/"}]}',
      '1:46: tags.virtual[0].match: /(?=a)/ lookaround and named groups are not read here; write ( ) or (?: )',
    ],
    [
      'tags: {virtual: [{tag: env, value: a, match: /a/g}]}',
      '1:46: tags.virtual[0].match: expected no flag but i after the expression, found "g"',
    ],
    [
      'tags: {required_where: [{where: env, keys: [team]}]}',
      '1:33: tags.required_where[0].where: expected a condition like env=prod or "model!=gpt-*", found "env"',
    ],
    [
      'keys: [{api_kye: a, set: {team: b}}]',
      '1:9: keys[0]: unknown key "api_kye"; did you mean "api_key"?',
    ],
    [
      'keys: [{set: {team: b}}]',
      '1:8: keys[0]: expected one of api_key, project, deployment, endpoint, account, provider, model, region or where',
    ],
    [
      'keys: [{api_key: a, set: {team: b}, since: soon}]',
      '1:44: keys[0].since: expected a day like 2026-10-01 or a time like 2026-10-01T09:00:00Z, found "soon"',
    ],
    [
      'keys: [{api_key: a, set: {team: b}, since: 2026-10-01T09:00:00}]',
      '1:44: keys[0].since: expected a day like 2026-10-01 or a time like 2026-10-01T09:00:00Z, found "2026-10-01T09:00:00"',
    ],
    [
      'keys: [{api_key: a, set: {team: b}, since: 2026-10-02, until: 2026-10-02}]',
      '1:63: keys[0].until: is not after since; it is the first moment at which the rule no longer holds',
    ],
    [
      'keys:\n  - {api_key: a, set: {team: b}, until: 2026-10-02}\n  - {api_key: a, set: {team: c}, since: 2026-10-01}\n',
      '3:5: keys[1]: api_key=a has other values by line 2 at the same time; end one with until where the other begins with since',
    ],
    [
      'hierarchy: [{of: team, to: department, members: [{team: a, dept: b}]}]',
      '1:60: hierarchy[0].members[0]: unknown key "dept"; known are team, department, since, until',
    ],
    [
      'hierarchy:\n  - {of: team, to: department, members: []}\n  - {of: department, to: team, members: []}\n',
      '3:5: hierarchy[1]: goes in a circle: department -> team -> department',
    ],
    [
      'hierarchy: [{of: team, to: unit, members: [{team: a, unit: b}, {team: a, unit: c, since: 2026-10-01}]}]',
      '1:64: hierarchy[0].members[1]: "a" belongs to "b" by line 1 at the same time; end one with until where the other begins with since',
    ],
    ['owners: [{where: [team=a]}]', '1:10: owners[0]: missing key "owner"'],
    [
      `owners: [${Array.from({ length: 25 }, (_, tag) => `{where: [t${tag}=a], owner: ana}`).join(', ')}]`,
      '1:9: owners: conditions on at most 24 different tags, found 25',
    ],
  ])('%s is refused', async (text, expected) => expect(await errorOf(text)).toBe(expected));
});
