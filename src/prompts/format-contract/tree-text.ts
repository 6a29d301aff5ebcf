import { quote } from '../../errors.ts';
import type { FileTree } from '../file-tree.ts';
import type { Finding } from '../finding.ts';
import type { Included } from './prompt-format.ts';
import { decodeText } from './text-decoding.ts';

/** Longest file that is read as a prompt: a hundred context windows of a million tokens are not a prompt. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Text of a file of a tree, decoded; what keeps it from being read is a finding of level error. */
export async function readTreeText(tree: FileTree, path: string): Promise<Included> {
  const file = await tree.read(path);
  if (file.kind === 'absent') return missing('missing-file', `${quote(path)} is not there`, path);
  if (file.kind === 'unresolved')
    return missing(
      'unresolved-file',
      `the content of ${quote(path)} is not here: ${file.why}`,
      path,
    );
  if (file.bytes.length > MOST_BYTES)
    return missing(
      'file-too-large',
      `${quote(path)} has more than ${MOST_BYTES / 1024 / 1024} MB`,
      path,
    );
  const { text, encoding } = decodeText(file.bytes);
  if (encoding === 'windows-1252' && text.includes('\0'))
    return missing('not-text', `${quote(path)} is no text`, path);
  return {
    kind: 'text',
    path,
    text,
    findings: encoding === 'utf-8' ? [] : [notUtf8(path, encoding)],
  };
}

const missing = (code: string, message: string, file: string): Included => ({
  kind: 'missing',
  finding: { level: 'error', code, message, origin: { file } },
});

const notUtf8 = (file: string, encoding: string): Finding => ({
  level: 'warning',
  code: 'not-utf8',
  message: `not UTF-8, so read as ${encoding}; save it as UTF-8 to be sure of its count`,
  origin: { file },
});
