import { openSync, closeSync, fstatSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { DiffResult } from '../gate/comparison-result.ts';
import type { Runtime } from '../runtime.ts';

/** Reads a result that `aicost diff --format json=FILE` saved; `-` is standard input. Throws UserError. */
export async function readSavedResult(file: string, runtime: Runtime): Promise<DiffResult> {
  const { decodeResult, MOST_RESULT_BYTES } = await import('../gate/result-decoder.ts');
  const bytes =
    file === '-'
      ? await standardInput(runtime, MOST_RESULT_BYTES)
      : fileBytes(resolve(runtime.cwd, file), file, MOST_RESULT_BYTES);
  return decodeResult(bytes.toString('utf8'), file === '-' ? 'standard input' : file);
}

function fileBytes(path: string, shown: string, most: number): Buffer {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    if (size > most) throw tooLarge(shown, most);
    return readFileSync(handle);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`cannot read ${shown}`, {
      cause,
      hint: 'Write it with: aicost diff --format json=aicost.json',
    });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

async function standardInput({ stdin }: Runtime, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin()) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge('standard input', most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (shown: string, most: number): UserError =>
  new UserError(`is larger than ${most / 1024 / 1024} MiB, which no result is`, {
    origin: { file: shown },
  });
