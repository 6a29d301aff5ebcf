// `npm run bench`: what aicost takes, against what people would use instead. Figures and ratios of one run on one
// machine; nothing here ends with an error because something was slow. test/README.md says how to ask for less.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SESSION_FILES } from './agent-sessions.ts';
import { agentRows } from './agent-rows.ts';
import { KEPT } from './corpus.ts';
import { identifierRows } from './identifier-rows.ts';
import { figureOf, type Finding, takenTexts, verdictOf } from './finding.ts';
import { type Grown, grown } from './growth.ts';
import { PEERS } from './peers.ts';
import { findingsText, growthText } from './print.ts';
import { appendRows, ingestRows, longLineRows, reportRows } from './product-rows.ts';
import { startRows } from './start-rows.ts';
import { whatifRows } from './whatif-rows.ts';
import { type Effort, World } from './world.ts';

const WHOLE: Effort = {
  events: 1_000_000,
  files: SESSION_FILES,
  rounds: 5,
  sizes: [100_000, 1_000_000, 10_000_000],
};
const QUICK: Effort = { events: 100_000, files: 73, rounds: 3, sizes: [10_000, 100_000] };

/** What makes rows of the table, in the order in which it is made. */
const SECTIONS: Readonly<Record<string, (world: World) => Promise<readonly Finding[]>>> = {
  start: startRows,
  ingest: ingestRows,
  report: reportRows,
  append: appendRows,
  whatif: whatifRows,
  'long-line': longLineRows,
  agents: agentRows,
  identifiers: identifierRows,
};

/** Benches of one part of the code, which print their own figures. */
const PARTS: Readonly<Record<string, (effort: Effort) => readonly string[]>> = {
  names: ({ events }) => ['names.ts', `${events}`],
  'rate-cards': () => ['rate-cards.ts'],
  counting: () => ['counting.ts'],
  gate: () => ['gate.ts'],
};

const say = (text: string): void => void process.stdout.write(text);
const tell = (text: string): void => void process.stderr.write(text);

const NAMES = [...Object.keys(SECTIONS), 'grow', ...Object.keys(PARTS)];
const USAGE = `npm run bench -- [options]

  --quick        a tenth of the data and medians of three: a first look
  --only NAMES   some of ${NAMES.join(', ')}; separated by commas
  --grow         the growth curve too, at 100,000, a million and ten million events
  --sizes LIST   the growth curve at other numbers of events; separated by commas
  --rounds N     runs of which the median is taken
`;

interface Asked {
  readonly effort: Effort;
  readonly names: readonly string[];
}

/** What the command line asks for. Throws when it is not understood. */
function asked(argv: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      grow: { type: 'boolean', default: false },
      sizes: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const effort = values.quick ? QUICK : WHOLE;
  const rounds = Number(values.rounds ?? effort.rounds);
  const sizes = values.sizes?.split(',').map(Number) ?? effort.sizes;
  if (!sizes.every((size) => Number.isInteger(size) && size >= 2_000))
    throw new Error(`--sizes: expected numbers from 2000 on, found "${values.sizes}"`);
  const grows = values.grow || values.sizes !== undefined;
  const all = NAMES.filter((name) => name !== 'grow' || grows);
  const names = values.only?.split(',') ?? all;
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`there is no "${unknown}"`);
  if (!(rounds >= 1)) throw new Error(`--rounds: expected a number, found "${values.rounds}"`);
  return { effort: { ...effort, sizes, rounds: Math.floor(rounds) }, names };
}

async function bench({ effort, names }: Asked): Promise<void> {
  const world = new World(effort);
  const findings: Finding[] = [];
  const sizes: Grown[] = [];
  const load = { before: loadavg()[0] ?? 0, after: 0 };
  try {
    for (const [name, rows] of Object.entries(SECTIONS))
      if (names.includes(name)) {
        tell(`measuring ${name}\n`);
        const found = (await unlessBroken(name, rows(world))) ?? [];
        tellFound(found);
        findings.push(...found);
      }
    if (names.includes('grow'))
      for (const events of effort.sizes) {
        tell(`measuring growth: ${events} events\n`);
        const size = await unlessBroken('grow', grown(world, events));
        tellFound(size?.findings ?? []);
        if (size !== undefined) sizes.push(size);
      }
  } finally {
    world.close();
  }
  load.after = loadavg()[0] ?? 0;
  if (findings.length > 0) say(`\n${findingsText(findings)}`);
  if (sizes.length > 0) say(`\n${growthText(sizes)}`);
  say(`\n${conditions(effort, load)}`);
  say(`As JSON: ${written({ effort, load, findings, sizes })}\n\n`);
  for (const [name, script] of Object.entries(PARTS))
    if (names.includes(name))
      spawnSync(process.execPath, script(effort), { cwd: import.meta.dirname, stdio: 'inherit' });
}

/** Says early what the table will say, since the whole takes long. */
const tellFound = (findings: readonly Finding[]): void =>
  findings.forEach(({ work, ours }) => tell(`  ${work}: ${takenTexts(ours).join(' ')}\n`));

/** What was found, or nothing where a command failed: the rest is measured all the same, and the bench ends with 1. */
async function unlessBroken<T>(name: string, found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    tell(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

interface Load {
  readonly before: number;
  readonly after: number;
}

const conditions = ({ rounds, events }: Effort, { before, after }: Load): string =>
  `Medians of ${rounds}; ${PEERS}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ` +
  `${availableParallelism()} cores, load ${before.toFixed(1)} before and ${after.toFixed(1)} after` +
  `${before > 0.5 ? ': not a quiet machine' : ''}.\n` +
  `${events < WHOLE.events ? 'A first look: the bars are those of a million events and all agent logs.\n' : ''}`;

function written(found: {
  readonly effort: Effort;
  readonly load: Load;
  readonly findings: readonly Finding[];
  readonly sizes: readonly Grown[];
}): string {
  const at = new Date(performance.timeOrigin).toISOString();
  const { node } = process.versions;
  const result = {
    schema: 'aicost.bench/1',
    at,
    machine: {
      platform: process.platform,
      arch: process.arch,
      node,
      peers: PEERS,
      cpu: cpus()[0]?.model,
    },
    ...found,
    findings: found.findings.map((each) => ({
      ...each,
      ratio: figureOf({ of: 'ratio', most: 1 }, each) ?? null,
      verdict: verdictOf(each),
    })),
  };
  const folder = join(KEPT, 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${at.replaceAll(':', '')}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

function understood(): Asked | undefined {
  try {
    return asked(process.argv.slice(2));
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

const wanted = understood();
if (wanted === undefined) process.exitCode = 2;
else await bench(wanted);
