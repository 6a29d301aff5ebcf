import { cardFiles } from '../../src/config/card-files.ts';
import { openCards } from '../../src/config/rate-cards.ts';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import { NOW } from '../support/fake-runtime.ts';

// `npm run bench`: how fast names of models resolve over all shipped cards. Figures, no verdict: they are the
// machine's. A million mixed names, as logs repeat them, are to take less than a second on one core.
const NAMES = Number(process.argv[2] ?? 1_000_000);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { cards } = openCards(cardFiles([]), NOW);
const listed = [...cards.values()].flatMap(({ provider, models }) =>
  models.flatMap(({ id, aliases }) =>
    [id, ...aliases.map(({ name }) => name)].map((name) => ({ provider, name })),
  ),
);

/** The ways in which logs write a listed name, and one that no card has. */
const WRITINGS: readonly ((name: string, provider: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name, provider) => `${provider}/${name}`,
  (name) => `arn:aws:bedrock:us-east-1:111122223333:inference-profile/${name}`,
  (name) => `projects/acorn/locations/global/publishers/google/models/${name}`,
  (name) => `${name}-of-ours`,
];
const repeated = listed.flatMap(({ provider, name }) =>
  WRITINGS.map((write) => ({ provider, name: write(name, provider) })),
);

/** Resolves names one after another, reading every reason, and says how long that took. */
function measure(
  title: string,
  names: (index: number) => { provider: string; name: string },
): void {
  const resolve = createNameResolver(cards, new Map([['azure', new Map([['team-*', 'gpt-4o']])]]));
  const queue = Array.from({ length: NAMES }, (_, index) => names(index));
  let [known, letters] = [0, 0];
  const started = performance.now();
  for (const { provider, name } of queue) {
    const found = resolve(provider, name);
    if (found.kind === 'known') known += 1;
    else letters += found.why.message.length;
  }
  const milliseconds = Math.round(performance.now() - started);
  say(
    `${title}: ${NAMES.toLocaleString('en-US')} names in ${milliseconds} ms, ${known.toLocaleString('en-US')} known, reasons of ${letters.toLocaleString('en-US')} letters`,
  );
}

say(`${cards.size} cards, ${listed.length.toLocaleString('en-US')} names`);
const nowhere = { provider: 'openai', name: '' };
measure(
  `mixed, ${repeated.length.toLocaleString('en-US')} different ones`,
  (index) => repeated[(index * 7919) % repeated.length] ?? nowhere,
);
measure('all different, known and unknown', (index) => {
  const { provider, name } = listed[index % listed.length] ?? nowhere;
  return { provider, name: `${provider}/${name}${index % 2 === 0 ? '' : `-${index}`}` };
});
measure('all different, all unknown', (index) => {
  const { provider, name } = listed[index % listed.length] ?? nowhere;
  return { provider, name: `${name}-${index}` };
});
