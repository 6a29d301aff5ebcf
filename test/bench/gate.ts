import { BIN } from '../support/processes.ts';
import { repository } from '../support/repository.ts';
import { measured } from './process-run.ts';

// `npm run bench`: what `aicost diff` takes, whole process, in a repository of prompts of which three changed. The bar
// is two seconds for 2,000; what git alone takes for listing both trees stands beside it. Figures, no verdict.
const PROMPTS = 2_000;
const ROUNDS = 5;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const WORDS =
  'you answer letters of customers about orders refunds and deliveries calmly and promise nothing that the shop cannot keep'.split(
    ' ',
  );

/** About 400 words that differ from prompt to prompt, and a variable. */
const textOf = (prompt: number): string => {
  const words = Array.from(
    { length: 400 },
    (_, index) => WORDS[(prompt * 7 + index * (1 + (prompt % 13))) % WORDS.length] ?? '',
  );
  return `${prompt}: ${words.join(' ')}\n{{question}}\n`;
};

const pathOf = (prompt: number): string => `prompts/team-${prompt % 20}/p${prompt}.txt`;

const CONFIG = `version: 1
prompts:
  - glob: prompts/**/*.txt
    id: "{path}"
    engine: mustache
    model: gpt-4o-mini
    calls_per_month: 1000
    output_tokens: 200
    vars: {question: {tokens: 100}}
gate: {prompt: {max_increase_usd: 1000}}
`;

const files = Object.fromEntries(
  Array.from({ length: PROMPTS }, (_, prompt) => [pathOf(prompt), textOf(prompt)]),
);
const at = repository()
  .write({ 'aicost.yaml': CONFIG, ...files })
  .commit('prompts');
at.branch('work').write({
  [pathOf(1)]: textOf(1).repeat(3),
  [pathOf(2)]: `short {{question}}`,
  [pathOf(3)]: textOf(4),
});
at.commit('three changed');

async function median(title: string, program: string, args: readonly string[]): Promise<void> {
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1)
    runs.push(await measured({ program, args, cwd: at.folder, env: at.env }));
  runs.sort((a, b) => a.wallMs - b.wallMs);
  const middle = runs[Math.floor(ROUNDS / 2)];
  if (middle === undefined) return;
  const { wallMs, cpuMs, peakMb } = middle;
  const rest = [
    cpuMs === undefined ? '' : `, ${cpuMs.toFixed(0)} ms of processor`,
    peakMb === undefined ? '' : `, ${peakMb.toFixed(0)} MB`,
  ].join('');
  say(`${title}: ${wallMs.toFixed(0)} ms${rest}`);
}

say(`${PROMPTS} prompts, three changed, median of ${ROUNDS}:`);
const diff = [BIN, 'diff', '--base', 'main', '--head', 'work', '--format', 'csv'];
await median('git lists both trees', 'git', ['diff', '--stat', 'main', 'work']);
await median('aicost diff, bar 2,000 ms', process.execPath, diff);
await median('aicost estimate', process.execPath, [BIN, 'estimate', '--format', 'csv']);
