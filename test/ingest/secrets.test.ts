import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mayHoldSecret, withoutSecrets } from '../../src/ingest/secrets.ts';

const may = (text: string): boolean => {
  const bytes = Buffer.from(`"${text}"`, 'latin1');
  return mayHoldSecret(bytes, 1, bytes.length - 1);
};

it('no text with a secret passes for one that certainly has none', () => {
  const beginning = fc.constantFrom(
    ...'sk- AIza xai- gsk_ AKIA ASIA hf_ pplx- nvapi- github_pat_ glpat- ghp_ ghs_ xoxb-'.split(
      ' ',
    ),
    'eyJ',
    '.eyJ',
    'Bearer ',
    '',
    'x',
    ' ',
  );
  const letters = fc.stringMatching(/^[abzAZ059_-]{12,30}$/);
  let secrets = 0;
  const check = fc.property(fc.array(fc.tuple(beginning, letters), { maxLength: 4 }), (pieces) => {
    const text = pieces.flat().join('');
    if (withoutSecrets(text) === text) return;
    secrets += 1;
    expect(may(text)).toBe(true);
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 3_000 });
  expect(secrets).toBeGreaterThan(300);
});

it('ids as logs have them certainly hold none', () => {
  const ids =
    'req_0000000052c5dc6c msg_291f124891d3fe53a880cae6 run-1-45698 s-cb8c57ba u-382-11 b3ebbb43-aff4';
  for (const id of ids.split(' ')) expect(may(id)).toBe(false);
});
