import { hash } from 'node:crypto';
import {
  createReadStream,
  fstatSync,
  closeSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { UserError } from '../errors.ts';

/** A file as it stands on disk now. */
export interface FileState {
  /** Changes when the file is replaced; stays when it grows. */
  readonly identity: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** How its text is packed; `undefined` when it is not. */
  readonly packing: Packing | undefined;
}

/** A compression that can be unpacked. */
export type Packing = 'gzip' | 'zstd';

const HEAD_BYTES = 1024;
const CHUNK_BYTES = 1 << 20;
/** Bytes of a plain file at a time: what is garbage soon should be small. */
const READ_BYTES = 1 << 18;
/** Enough to tell what is no text. */
const MAGIC_BYTES = 8;

/** Beginnings of files that hold no text, with what to do about them. */
const FOREIGN: readonly {
  readonly magic: readonly number[];
  readonly name: string;
  readonly hint: string;
}[] = [
  {
    magic: [0xff, 0xfe],
    name: 'UTF-16 text',
    hint: 'Convert it: iconv -f UTF-16 -t UTF-8 FILE (PowerShell: Out-File -Encoding utf8).',
  },
  { magic: [0xfe, 0xff], name: 'UTF-16 text', hint: 'Convert it: iconv -f UTF-16 -t UTF-8 FILE.' },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    name: 'zstd compressed',
    hint: 'Unpack it first: zstd -dc FILE | aicost ingest -',
  },
  { magic: [0x50, 0x41, 0x52, 0x31], name: 'Parquet', hint: 'Export it as CSV or JSONL first.' },
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    name: 'a ZIP archive',
    hint: 'Unpack it first and ingest the files inside.',
  },
  {
    magic: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65],
    name: 'a SQLite database',
    hint: 'Export the table as JSONL or CSV first.',
  },
];

/** Throws UserError when the first bytes show a file that is no text. */
function refuseForeign(head: Buffer, file: string): void {
  for (const { magic, name, hint } of FOREIGN)
    if (magic.every((byte, index) => head[index] === byte))
      throw new UserError(`this is ${name}, not JSON or CSV text`, { origin: { file }, hint });
}

/** Asked for by the first packed log: loading it takes longer than seeing that ten files have not changed. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

function packingOf(head: Buffer): Packing | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length < 4 || head.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  // Node 22.12 to 22.14 have no zstd.
  return 'createZstdDecompress' in zlib() ? 'zstd' : undefined;
}

const notAFile = (file: string): UserError =>
  new UserError('not a file', {
    origin: { file },
    hint: 'Pass a pipe as -: cat ... | aicost ingest -',
  });

/**
 * Whether nothing says that a file has changed since it was seen: it is the same file, as long and as old as
 * then. Asks the folder alone; a file that is not there, or cannot be asked, has to be looked at.
 */
export function isUntouched(
  path: string,
  before: { readonly identity: string; readonly size: number; readonly modifiedMs: number },
): boolean {
  const stat = statOf(path);
  return (
    stat?.isFile() === true &&
    stat.size === before.size &&
    Math.floor(stat.mtimeMs) === before.modifiedMs &&
    before.identity.startsWith(`${stat.dev}:${stat.ino}:`)
  );
}

/** What the folder says of a path; `undefined` where nothing is, or nobody may ask: a link to itself, a locked folder. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Bytes of a file from an offset on; all of them when it is shorter, 0 when it cannot be asked. */
export function bytesBeyond(path: string, offset: number): number {
  const size = statOf(path)?.size ?? 0;
  return size >= offset ? size - offset : size;
}

const digestOf = (bytes: Buffer): string => hash('sha256', bytes, 'base64url').slice(0, 16);

/** Looks at a file without reading it whole. Throws UserError when it cannot be read. */
export function stateOf(path: string, shownAs: string): FileState {
  // Looked at before it is opened: opening a named pipe waits for its writer.
  const named = statOf(path);
  // A folder is asked for only where it may not be read, which opening it tells.
  if (named !== undefined && !named.isFile() && !named.isDirectory()) throw notAFile(shownAs);
  const handle = open(path, shownAs);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw notAFile(shownAs);
    const head = Buffer.alloc(HEAD_BYTES);
    const filled = head.subarray(0, readSync(handle, head, 0, HEAD_BYTES, 0));
    const packing = packingOf(filled);
    if (packing === undefined) refuseForeign(filled, shownAs);
    // Only bytes that a growing file no longer changes may identify it.
    const settled =
      filled.length === HEAD_BYTES ? filled : filled.subarray(0, filled.lastIndexOf(10) + 1);
    return {
      identity: `${stat.dev}:${stat.ino}:${settled.length}:${digestOf(settled)}`,
      size: stat.size,
      modifiedMs: Math.floor(stat.mtimeMs),
      packing,
    };
  } finally {
    closeSync(handle);
  }
}

/**
 * Whether a file seen before has only grown since: its first bytes, as many as were settled then, are
 * the same. A file that was shorter than the head then is compared on what it had.
 */
export function hasOnlyGrown(
  path: string,
  before: { readonly identity: string; readonly size: number },
  now: FileState,
): boolean {
  const [device, inode, settled = '0', digest] = before.identity.split(':');
  if (
    now.size < before.size ||
    now.identity.split(':').slice(0, 2).join() !== [device, inode].join()
  )
    return false;
  const handle = open(path, path);
  try {
    const head = Buffer.alloc(Number(settled));
    const filled = head.subarray(0, readSync(handle, head, 0, head.length, 0));
    return digestOf(filled) === digest;
  } finally {
    closeSync(handle);
  }
}

function open(path: string, shownAs: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason =
      code === 'ENOENT'
        ? 'no such file or folder'
        : code === 'EACCES'
          ? 'no permission to read it'
          : `cannot read it (${code})`;
    throw new UserError(reason, { origin: { file: shownAs }, cause });
  }
}

/** A file, and how messages show it. */
interface ShownFile {
  readonly path: string;
  readonly shownAs: string;
}

/**
 * The text bytes of a file from an offset on, unpacked when it is compressed; a chunk is valid until the next one
 * is asked for. Throws UserError when the file can no longer be opened.
 */
export const bytesOf = (
  { path, shownAs }: ShownFile,
  { size, packing }: FileState,
  offset: number,
): AsyncIterable<Buffer> =>
  packing === undefined
    ? plainBytes({ path, shownAs }, size, offset)
    : unpacked(
        createReadStream(path, { fd: open(path, shownAs), highWaterMark: CHUNK_BYTES }),
        packing,
      );

/** Where bytes are read to, one file after another: a new place for each costs more than reading them. */
let spare: Buffer | undefined;

/**
 * Read synchronously: for files in the page cache the round trip through another thread costs more than
 * the reading. Between chunks the process may look at signals.
 */
async function* plainBytes(
  { path, shownAs }: ShownFile,
  size: number,
  offset: number,
): AsyncGenerator<Buffer> {
  const handle = open(path, shownAs);
  // Another file may be read meanwhile.
  const room = spare ?? Buffer.allocUnsafeSlow(READ_BYTES);
  spare = undefined;
  try {
    for (let at = offset; ;) {
      const read = readSync(handle, room, 0, READ_BYTES, at);
      if (read === 0) return;
      yield room.subarray(0, read);
      at += read;
      if (at < size) await nextTurn();
    }
  } finally {
    spare = room;
    closeSync(handle);
  }
}

/** The bytes of a pipe, unpacked when they begin like gzip or zstd. Throws UserError when they are no text. */
export async function* bytesOfPipe(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const [head, all] = await peek(input, MAGIC_BYTES);
  const packing = packingOf(head);
  if (packing === undefined) refuseForeign(head, 'standard input');
  yield* packing === undefined ? all : unpacked(Readable.from(all), packing);
}

/**
 * The first bytes of a stream, as many as asked for or as there are, and the stream from its beginning.
 * What goes wrong while looking goes wrong again where the stream is read.
 */
export async function peek(
  stream: AsyncIterable<Buffer>,
  bytes: number,
): Promise<readonly [Buffer, AsyncIterable<Buffer>]> {
  const chunks = stream[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let length = 0;
  let failure: unknown;
  try {
    while (length < bytes) {
      const next = await chunks.next();
      if (next.done === true) break;
      length += next.value.length;
      // Asking for more takes its bytes away.
      seen.push(length < bytes ? Buffer.from(next.value) : next.value);
    }
  } catch (error) {
    failure = error;
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield* seen;
    if (failure !== undefined) throw failure;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield next.value;
  };
  const [first] = seen;
  const head = first !== undefined && seen.length === 1 ? first : Buffer.concat(seen);
  return [head.subarray(0, bytes), all()];
}

/** Unpacks; a file cut short yields what could be unpacked, then fails as a UserError of the caller. */
function unpacked(raw: Readable, packing: Packing): AsyncIterable<Buffer> {
  const out = new PassThrough({ highWaterMark: CHUNK_BYTES });
  const unpack =
    packing === 'gzip'
      ? zlib().createGunzip({ chunkSize: CHUNK_BYTES })
      : zlib().createZstdDecompress({ chunkSize: CHUNK_BYTES });
  pipeline(raw, unpack, out, () => undefined);
  return out;
}
