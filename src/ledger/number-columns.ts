/**
 * Columns of whole numbers in few bytes: of each column its smallest number is kept once, and of every value the
 * distance from it, in as many bytes as the largest distance needs; none where all values are alike. Bytes have
 * the order of the processor, little-endian wherever this runs. NaN stands for "the source does not say".
 */

/** Bytes before the columns, a column: its smallest number and the bytes of a value, as floats. */
const HEADER = 16;
/** Columns begin where any number may. */
const ALIGNED = 8;

type Width = 0 | 1 | 2 | 4 | 8;

/** A column that is made again and again in the same room. */
export class Column {
  /** To be filled by whoever does not take them from elsewhere; until then they say nothing. */
  readonly values: Float64Array;
  /** What is known of the values that were taken. */
  #shape: Shape | undefined;

  constructor(room: number) {
    this.values = new Float64Array(room).fill(Number.NaN);
  }

  /** A column of some values. */
  static of(values: Float64Array): Column {
    const column = new Column(values.length);
    column.values.set(values);
    return column;
  }

  /**
   * Takes a number of each of some rows, which have `stride` numbers each, the one at `offset` in it; `absent` stands
   * for none.
   */
  take(
    from: Float64Array | Int32Array,
    stride: number,
    offset: number,
    rows: Int32Array,
    absent: number,
  ): void {
    const { values } = this;
    let smallest = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    let said = 0;
    for (let row = 0; row < rows.length; row += 1) {
      const value = from[(rows[row] ?? 0) * stride + offset] ?? absent;
      if (value === absent || value !== value) {
        values[row] = Number.NaN;
        continue;
      }
      values[row] = value;
      said += 1;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
    this.#shape = shapeBetween(smallest, largest, said === rows.length);
  }

  /** What is to be known of the first `count` values; they are looked at where they were not taken. */
  shape(count: number): Shape {
    const shape = this.#shape ?? shapeOf(this.values, count);
    this.#shape = undefined;
    return shape;
  }
}

/** The first `count` values of each column as bytes. */
export function packColumns(columns: readonly Column[], count: number): Uint8Array {
  const shapes = columns.map((column) => column.shape(count));
  const size = shapes.reduce((sum, { width }) => sum + aligned(width * count), 0);
  const bytes = new Uint8Array(columns.length * HEADER + size);
  const header = new Float64Array(bytes.buffer, 0, columns.length * 2);
  let at = columns.length * HEADER;
  for (const [index, { values }] of columns.entries()) {
    const { smallest, width } = shapes[index] ?? ALL_ABSENT;
    header[index * 2] = smallest;
    header[index * 2 + 1] = width;
    const packed = valuesAt(bytes, at, width, count);
    if (width === 8) packed?.set(values.subarray(0, count));
    else if (packed !== undefined) putDistances(values, smallest, packed);
    at += aligned(width * count);
  }
  return bytes;
}

/** Puts how far values are from the smallest; NaN is 0, so that the smallest number is 1. */
function putDistances(
  values: Float64Array,
  smallest: number,
  to: Uint8Array | Uint16Array | Uint32Array | Float64Array,
): void {
  for (let row = 0; row < to.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    to[row] = value !== value ? 0 : value - smallest + 1;
  }
}

/** The columns that packColumns made bytes of. */
export function unpackColumns(packed: Uint8Array, columns: number, count: number): Float64Array[] {
  // A copy begins where any number may, which a slice of a pool need not.
  const bytes = new Uint8Array(packed);
  const header = new Float64Array(bytes.buffer, 0, columns * 2);
  let at = columns * HEADER;
  return Array.from({ length: columns }, (_, index) => {
    const [smallest = Number.NaN, width = 0] = header.subarray(index * 2, index * 2 + 2);
    const column = new Float64Array(count).fill(smallest);
    const values = valuesAt(bytes, at, width, count);
    if (width === 8 && values !== undefined) column.set(values);
    else if (values !== undefined)
      for (let row = 0; row < count; row += 1) {
        const distance = values[row] ?? 0;
        column[row] = distance === 0 ? Number.NaN : smallest + (distance - 1);
      }
    at += aligned(width * count);
    return column;
  });
}

interface Shape {
  /** NaN where no value says anything. */
  readonly smallest: number;
  readonly width: Width;
}

const ALL_ABSENT: Shape = { smallest: Number.NaN, width: 0 };

function shapeOf(column: Float64Array, count: number): Shape {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let said = 0;
  for (let row = 0; row < count; row += 1) {
    const value = column[row] ?? Number.NaN;
    if (value === value) said += 1;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return shapeBetween(smallest, largest, said === count);
}

/** The shape of values of which those that say anything are between two, Infinity and -Infinity where none does. */
function shapeBetween(smallest: number, largest: number, allSaid: boolean): Shape {
  if (smallest > largest) return ALL_ABSENT;
  if (allSaid && smallest === largest) return { smallest, width: 0 };
  const most = largest - smallest + 1;
  return { smallest, width: most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : most < 2 ** 32 ? 4 : 8 };
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED;

function valuesAt(bytes: Uint8Array, at: number, width: number, count: number) {
  const { buffer } = bytes;
  if (width === 1) return new Uint8Array(buffer, at, count);
  if (width === 2) return new Uint16Array(buffer, at, count);
  if (width === 4) return new Uint32Array(buffer, at, count);
  return width === 8 ? new Float64Array(buffer, at, count) : undefined;
}
