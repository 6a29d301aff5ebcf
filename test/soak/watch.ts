import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshFolder } from '../support/fake-runtime.ts';
import { BIN, manyCalls, mustRun, start } from '../support/processes.ts';
import { hasTmux, terminalIn } from '../support/terminal.ts';

// `npm run soak:watch [SECONDS]`: a watch that is killed twenty times while logs grow ends in the ledger of an
// undisturbed ingest; and one on a terminal (tmux) keeps up with 5,000 calls a second, 300 seconds if nothing is said.
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const SECONDS = Number(process.argv[2] ?? 300);
const [KILLS, A_SECOND, EVERY_MS] = [20, 5_000, 100];

const sameLedgers = (folder: string, ...argv: readonly string[]): boolean => {
  mustRun(['ingest', 'logs', '--ledger', 'whole.db', '--quiet'], folder);
  mustRun(['doctor', '--ledger', 'fire.db'], folder);
  const [fire, whole] = ['fire.db', 'whole.db'].map((ledger) =>
    mustRun([...argv, '--ledger', ledger], folder),
  );
  return fire === whole;
};

async function survivesKills(): Promise<boolean> {
  const folder = freshFolder();
  mkdirSync(join(folder, 'logs'));
  const lines = manyCalls(40_000).split('\n').slice(0, -1);
  const log = join(folder, 'logs/calls.jsonl');
  writeFileSync(log, '');
  const watching = () =>
    start(['watch', 'logs', '--ledger', 'fire.db', '--interval', '0.1'], folder);
  const share = Math.ceil(lines.length / KILLS);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, ended } = watching();
    // A fixed walk instead of chance, so that a failure can be seen again.
    const timer = setTimeout(() => child.kill('SIGKILL'), 400 + 900 * ((kill * 0.618) % 1));
    for (let part = 0; part < 10; part += 1) {
      const from = kill * share + (part * share) / 10;
      const text = `${lines.slice(from, from + share / 10).join('\n')}\n`;
      // Now and then a line is only half there when the end comes.
      appendFileSync(log, text.slice(0, -20));
      await sleep(60);
      appendFileSync(log, text.slice(-20));
      await sleep(60);
    }
    await ended;
    clearTimeout(timer);
  }
  const { child, ended } = watching();
  await sleep(5_000);
  child.kill('SIGTERM');
  const { code } = await ended;
  const same = sameLedgers(folder, 'export', 'events');
  say(
    `killed ${KILLS} times while 40,000 calls came in, then ended with ${code}: the ledgers are ${same ? 'equal' : `DIFFERENT (${folder})`}`,
  );
  return same && code === 130;
}

interface Sample {
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

function sampleOf(pid: number): Sample {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
    .map(Number);
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: (user + system) / 100, megabytes: Number(rss ?? 0) / 1024 };
}

async function keepsUp(): Promise<boolean> {
  const folder = freshFolder();
  const terminal = terminalIn(folder);
  mkdirSync(join(folder, 'logs'));
  const log = join(folder, 'logs/calls.jsonl');
  writeFileSync(log, '');
  const command = `echo $$ > pid; exec "${process.execPath}" "${BIN}" watch logs --ledger fire.db --timezone UTC`;
  terminal.open(120, 40, `sh -c '${command}'`);
  await sleep(3_000);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const began = Date.now();
  const before = sampleOf(pid);
  const samples: Sample[] = [];
  let [written, looked, worstLag] = [0, 0, 0];
  while (Date.now() - began < SECONDS * 1000) {
    const due = Math.floor(((Date.now() - began) * A_SECOND) / 1000);
    let text = '';
    for (; written < due; written += 1) text += lineOf(written);
    appendFileSync(log, text);
    const second = Math.floor((Date.now() - began) / 1000);
    if (second >= looked + 10) {
      looked = second;
      samples.push(sampleOf(pid));
      const clock = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec(terminal.screen())?.[0];
      const lag = (Date.now() - Date.parse(`${clock?.replace(' ', 'T')}Z`)) / 1000;
      worstLag = Math.max(worstLag, Number.isNaN(lag) ? Infinity : lag);
    }
    await sleep(EVERY_MS);
  }
  const took = (Date.now() - began) / 1000;
  const after = sampleOf(pid);
  await sleep(5_000);
  terminal.type('q');
  await sleep(3_000);
  terminal.close();
  const same = sameLedgers(folder, 'report', '--by', 'feature,model,status', '--format', 'json');
  const core = ((after.cpuSeconds - before.cpuSeconds) / took) * 100;
  say(`${written} calls in ${took.toFixed(0)} s: ${core.toFixed(1)}% of one core`);
  say(`memory every 10 s, MB: ${samples.map(({ megabytes }) => megabytes.toFixed(0)).join(' ')}`);
  // The clock on the screen has no fractions.
  say(`the screen was behind by ${worstLag.toFixed(1)} s at most, whole seconds`);
  say(`the sums are ${same ? 'equal' : `DIFFERENT (${folder})`} to those of an ingest`);
  return same && core < 50 && worstLag < 2.2;
}

const lineOf = (n: number): string =>
  `${JSON.stringify({
    id: `call-${n}`,
    time: new Date().toISOString(),
    provider: 'openai',
    model: n % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
    input_tokens: 100 + (n % 977),
    output_tokens: n % 101,
    latency_ms: 300 + (n % 800),
    status: n % 37 === 0 ? 'failure' : 'success',
    tags: {
      feature: `f${n % 7}`,
      team: `t${n % 3}`,
      customer: `c${n % 200}`,
      run: `r${Math.floor(n / 12)}`,
    },
  })}\n`;

const kills = await survivesKills();
const load = hasTmux ? await keepsUp() : true;
process.exitCode = kills && load ? 0 : 1;
