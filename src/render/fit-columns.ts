/** What the solver has to know of a column: widths in terminal columns. */
export interface ColumnWidths {
  /** How early a narrow screen gives it up: 0 never, then 9 first. */
  readonly yields: number;
  readonly title: number;
  /** Its widest text that may be shortened; 0 where there is none. */
  readonly text: number;
  /** Its widest number, counts written out and counts in short; 0 where there is none. Never cut. */
  readonly number: number;
  readonly compactNumber: number;
  /** What a bar adds beside the number; 0 for a column without. */
  readonly bar: number;
}

/** A table that fits: which columns stay, how wide each is (its bar not counted), in what form. */
export interface Fit {
  readonly kept: readonly number[];
  readonly widths: readonly number[];
  /** Columns that write counts in short. */
  readonly compact: ReadonlySet<number>;
  readonly bars: boolean;
}

/** Screen to fill: its width, and the space between two columns. */
export interface Room {
  readonly width: number;
  readonly gap: number;
}

/** Text is not cut below this; a table that would need it is no table any more. */
const SHORTEST_TEXT = 8;

/** The share of the screen that names may keep before a column is given up for them. */
const TEXT_SHARE = 0.3;

/** Columns that yield this early, or earlier, go before the bars do. */
const LEAST_BELOW_BARS = 7;

/** One way to set the table, tried against the room. */
interface Attempt {
  readonly kept: readonly number[];
  readonly compact: ReadonlySet<number>;
  readonly bars: boolean;
  /** Width below which text, and a title above numbers, is not cut in this attempt. */
  readonly floors: { readonly text: number; readonly title: number };
}

/**
 * The fullest table that fits the room. Gives up, in this order: columns that yield before bars do, bars,
 * the tails of long names, written-out counts, the other columns that yield, then names down to
 * SHORTEST_TEXT. `undefined` when even that is too wide.
 */
export function fitColumns(columns: readonly ColumnWidths[], room: Room): Fit | undefined {
  for (const attempt of attempts(columns, room)) {
    const widths = solve(columns, attempt, room);
    // Where every column may go, none left is not a table that fits.
    if (widths === undefined || widths.length === 0) continue;
    const { kept, compact, bars } = attempt;
    return { kept, widths, compact, bars };
  }
  return undefined;
}

function* attempts(columns: readonly ColumnWidths[], { width }: Room): Generator<Attempt> {
  const never = Number.MAX_SAFE_INTEGER;
  const all = [...columns.keys()];
  const uncut = { text: never, title: never };
  yield { kept: all, compact: new Set(), bars: true, floors: uncut };
  // A bar is worth more than the columns that go first.
  if (columns.some(({ bar }) => bar > 0))
    for (let least = 9; least >= LEAST_BELOW_BARS; least -= 1) {
      const kept = all.filter((index) => (columns[index]?.yields ?? 0) < least);
      for (const compact of compactions(columns, kept))
        yield { kept, compact, bars: true, floors: uncut };
    }

  const names = columns.filter(({ text, yields }) => text > 0 && yields === 0).length;
  const comfortable = Math.max(
    SHORTEST_TEXT,
    Math.floor((width * TEXT_SHARE) / Math.max(1, names)),
  );
  const given = givenUp(columns);
  for (let dropped = 0; dropped <= given.length; dropped += 1) {
    const gone = new Set(given.slice(0, dropped));
    const kept = all.filter((index) => !gone.has(index));
    // With a column less the counts may have room again, so they start written out each time.
    for (const compact of compactions(columns, kept)) {
      yield { kept, compact, bars: false, floors: { text: comfortable, title: never } };
    }
  }
  const kept = all.filter((index) => !given.includes(index));
  for (const compact of compactions(columns, kept)) {
    yield { kept, compact, bars: false, floors: { text: SHORTEST_TEXT, title: SHORTEST_TEXT } };
  }
}

/** None of the columns in short, then the one with the longest counts, then the next one with it. */
function* compactions(
  columns: readonly ColumnWidths[],
  kept: readonly number[],
): Generator<ReadonlySet<number>> {
  const saved = (index: number): number =>
    (columns[index]?.number ?? 0) - (columns[index]?.compactNumber ?? 0);
  const order = kept
    .filter((index) => saved(index) > 0)
    .sort((a, b) => saved(b) - saved(a) || b - a);
  for (let count = 0; count <= order.length; count += 1) yield new Set(order.slice(0, count));
}

/** Columns that may go, first to go first: the highest `yields`, among equals the rightmost. */
const givenUp = (columns: readonly ColumnWidths[]): readonly number[] =>
  [...columns.entries()]
    .filter(([, { yields }]) => yields > 0)
    .sort(([left, a], [right, b]) => b.yields - a.yields || right - left)
    .map(([index]) => index);

function solve(
  columns: readonly ColumnWidths[],
  { kept, compact, bars, floors }: Attempt,
  { width, gap }: Room,
): readonly number[] | undefined {
  let room = width - gap * (kept.length - 1);
  const limits = kept.flatMap((index) => {
    const column = columns[index];
    if (column === undefined) return [];
    if (bars) room -= column.bar;
    const number = compact.has(index) ? column.compactNumber : column.number;
    const natural = Math.max(column.title, column.text, number);
    // A title gives way as its column does: with the names below it, or last of all above numbers.
    const title = Math.min(column.title, column.text > number ? floors.text : floors.title);
    return [{ natural, least: Math.max(number, title, Math.min(column.text, floors.text)) }];
  });
  return shrunk(limits, room);
}

/** Natural widths brought down to the room, the widest first; `undefined` when their least is too much. */
function shrunk(
  limits: readonly { readonly natural: number; readonly least: number }[],
  room: number,
): readonly number[] | undefined {
  const least = limits.reduce((total, limit) => total + limit.least, 0);
  if (least > room) return undefined;
  // The highest ceiling on all widths that fits. No width above the room matters.
  const under = (ceiling: number): readonly number[] =>
    limits.map((limit) => Math.max(limit.least, Math.min(limit.natural, ceiling)));
  const fits = (widths: readonly number[]): boolean =>
    widths.reduce((total, each) => total + each, 0) <= room;
  const natural = limits.map((limit) => limit.natural);
  if (fits(natural)) return natural;
  let ceiling = Math.max(...natural.map((each) => Math.min(each, room)));
  while (ceiling > 0 && !fits(under(ceiling))) ceiling -= 1;
  return under(ceiling);
}
