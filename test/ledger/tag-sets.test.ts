import { expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

it.each([
  ['whose texts run together alike', { ab: 'c', d: 'e' }, { a: 'bc', d: 'e' }],
  ['one of which imitates the other', { a: '1:1:bc', d: 'e' }, { a: '', '1:1:bc': 'x', d: 'e' }],
  ['one of which has a tag that the other has as a label', { a: 'b' }, {}],
])('calls with tags %s keep them apart', async (_name, one, other) => {
  const { events, must, write } = desk();
  const labels = Object.keys(other).length === 0 ? ['a=b'] : [];
  const records = [call({ id: 'one', tags: one }), call({ id: 'other', tags: other, labels })];
  await must('ingest', write('a.jsonl', jsonl(...records)));
  const present = Object.fromEntries(Object.entries(other).filter(([, value]) => value !== ''));
  expect((await events()).map(({ tags }) => tags)).toEqual([one, present]);
  await must('doctor');
});

it('the order in which a record writes its tags makes no other set', async () => {
  const { must, write } = desk();
  const records = [
    call({ id: 'one', tags: { team: 'search', feature: 'answers' } }),
    call({ id: 'two', tags: { feature: 'answers', team: 'search' } }),
  ];
  await must('ingest', write('a.jsonl', jsonl(...records)));
  const rows = JSON.parse(await must('report', '--by', 'team,feature', '--format', 'json')).rows;
  expect(rows).toMatchObject([{ team: 'search', feature: 'answers', requests: 2 }]);
  await must('doctor');
});
