// A home of Claude Code logs: sessions of coding, whose lines are mostly what tools returned. A quarter of the bytes
// tells usage, a message is written again while it streams, and a resumed session begins with a copy of an earlier one.
import { Dice } from './dice.ts';

/** What to invent. The same wish gives the same bytes on every machine. */
export interface HomeWish {
  readonly seed: number;
  /** Session files. */
  readonly files: number;
}

/** One session file. */
export interface SessionFile {
  /** Below the home, with forward slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Milliseconds UTC of its last line, which is when the agent would have written it. */
  readonly written: number;
}

/** As many files as the home has on which peers were measured: about 300 MB. */
export const SESSION_FILES = 726;

const START = Date.UTC(2026, 8, 20);
const DAY_MS = 86_400_000;
const SPREAD_MS = 60 * DAY_MS;
const RESUMED_PER_THOUSAND = 120;
const MODELS = [
  'claude-sonnet-4-5-20250929',
  'claude-sonnet-4-5-20250929',
  'claude-opus-4-1-20250805',
  'claude-haiku-4-5-20251001',
] as const;
const PROJECTS = [
  'shop',
  'billing',
  'search',
  'mobile-app',
  'infrastructure',
  'notebooks',
] as const;

/** Kilobytes of a file at shares of all files: half are small, a few hold most of the bytes. */
const SIZES: readonly (readonly [share: number, kilobytes: number])[] = [
  [0, 1],
  [0.1, 3],
  [0.25, 12],
  [0.5, 62],
  [0.75, 270],
  [0.9, 850],
  [0.99, 3_900],
  [1, 11_000],
];

/** What lines of a session share. */
interface Session {
  readonly id: string;
  readonly project: string;
  /** Milliseconds UTC of the last line so far. */
  time: number;
  /** Tokens that the prompt cache holds by now. */
  cached: number;
}

/** A line that a resumed session may repeat: everything but the session it stands in. */
type Line = Readonly<Record<string, unknown>>;

/** The files of a home, one after another. */
export function* agentSessions({ seed, files }: HomeWish): Generator<SessionFile> {
  const dice = new Dice(seed);
  const text = inventedText(dice);
  let earlier: readonly Line[] = [];
  for (let number = 0; number < files; number += 1) {
    const session: Session = {
      id: uuid(dice),
      project: dice.of(PROJECTS),
      time: START + Math.floor((number * SPREAD_MS) / files),
      cached: dice.between(9_000, 16_000),
    };
    const told: Line[] = [];
    const lines: string[] = [];
    // Sizes walk through the shares in steps that never fall into a rhythm with the other choices.
    let left = bytesAt((number * 0.618_033_988) % 1);
    const tell = (line: Line): void => {
      const written = JSON.stringify({ ...line, sessionId: session.id });
      told.push(line);
      lines.push(written);
      left -= written.length + 1;
    };
    if (dice.perThousand(RESUMED_PER_THOUSAND))
      for (const line of earlier) if (left > 0) tell(line);
    do for (const line of turn(dice, session, text)) tell(line);
    while (left > 0);
    if (told.length > 20) earlier = told.slice(-60);
    const path = `projects/-home-dev-${session.project}/${session.id}.jsonl`;
    yield { path, lines, written: session.time };
  }
}

function bytesAt(share: number): number {
  const next = SIZES.findIndex(([upTo]) => share < upTo);
  const [low, from] = SIZES[next - 1] ?? [0, 1];
  const [high, to] = SIZES[next] ?? [1, from];
  return (from + ((share - low) / (high - low)) * (to - from)) * 1024;
}

const uuid = (dice: Dice): string => [8, 4, 4, 4, 12].map((digits) => dice.hex(digits)).join('-');

/** One turn: at times what the person wrote, the answer as it streamed in, and what its tool returned. */
function* turn(dice: Dice, session: Session, text: string): Generator<Line> {
  const line = (type: string, more: Line): Line => {
    session.time += dice.between(300, 6_000);
    return {
      parentUuid: uuid(dice),
      isSidechain: false,
      userType: 'external',
      cwd: `/home/dev/${session.project}`,
      version: '2.1.40',
      gitBranch: 'main',
      type,
      ...more,
      uuid: uuid(dice),
      timestamp: new Date(session.time).toISOString(),
    };
  };
  if (dice.perThousand(150))
    yield line('user', { message: { role: 'user', content: part(dice, text, 40, 1_500) } });
  session.time = clearOfMidnight(session.time);
  for (const message of snapshots(dice, session, text)) yield line('assistant', message);
  const returned = part(dice, text, 200, 10_800);
  yield line('user', {
    message: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: `toolu_${dice.hex(16)}`, content: returned }],
    },
    toolUseResult: { stdout: returned.slice(0, 400), stderr: '', interrupted: false },
  });
}

/**
 * Leaves the last minute of a day out. The day of a message that streamed across midnight is a matter of opinion:
 * the first snapshot's here, the last one's for ccusage.
 */
const clearOfMidnight = (time: number): number =>
  DAY_MS - (time % DAY_MS) < 60_000 ? time + 60_000 : time;

/** One answer, one to three times: what it used so far, and at last all of it. */
function* snapshots(dice: Dice, session: Session, text: string): Generator<Line> {
  const [id, requestId] = [`msg_${dice.hex(24)}`, `req_${dice.hex(24)}`];
  const model = dice.of(MODELS);
  const [fresh, written, output] = [
    dice.between(3, 60),
    dice.between(200, 3_000),
    dice.between(60, 1_900),
  ];
  const times = dice.of([1, 1, 2, 2, 3]);
  for (let time = 1; time <= times; time += 1)
    yield {
      message: {
        id,
        type: 'message',
        role: 'assistant',
        model,
        content: [{ type: 'text', text: part(dice, text, 40, 1_000) }],
        stop_reason: time === times ? 'tool_use' : null,
        stop_sequence: null,
        usage: {
          input_tokens: fresh,
          cache_creation_input_tokens: written,
          cache_read_input_tokens: session.cached,
          output_tokens: time === times ? output : Math.ceil((output * time) / (times + 1)),
          service_tier: 'standard',
          cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
        },
      },
      requestId,
    };
  session.cached = session.cached > 150_000 ? 14_000 : session.cached + written;
}

const part = (dice: Dice, text: string, least: number, most: number): string => {
  const length = dice.between(least, most);
  const from = dice.below(text.length - length);
  return text.slice(from, from + length);
};

const WORDS =
  'const return await table of rows the invoice customer total price import from if else for each token cache index buffer read write test expect equal error line column'.split(
    ' ',
  );
const MARKS = [
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' = ',
  '(',
  ') {\n',
  ';\n',
  '", "',
  '\n  ',
  ' – ',
] as const;

/** Something between code and prose. Now and then it quotes what looks like usage, as the code of such tools does. */
function inventedText(dice: Dice): string {
  const parts: string[] = [];
  for (let count = 0; count < 40_000; count += 1)
    parts.push(
      dice.perThousand(2) ? '{"usage":{"input_tokens":7}}' : dice.of(WORDS),
      dice.of(MARKS),
    );
  return parts.join('');
}
