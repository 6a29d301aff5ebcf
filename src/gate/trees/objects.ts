import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { TreeFile } from '../../prompts/file-tree.ts';
import { type BatchAnswer, batchAnswers } from './batch-answers.ts';
import { type Git, NETWORK_PATIENCE_MS } from './git.ts';
import { heldBy, tooLarge, unresolved } from './stored-elsewhere.ts';

/** Contents of a repository by their ids, through one `git cat-file` for a whole run. */
export interface Objects {
  /**
   * Reads a blob. Those asked for together are read together. What cannot be read is unresolved, never an exception;
   * asking once it is closed is a mistake, and throws.
   */
  readonly read: (id: string) => Promise<TreeFile>;
  /** Ends the process, once what was asked for has been read. */
  readonly close: () => Promise<void>;
}

/** Bytes that are kept for the case that the other tree holds the same: prompts are small, images are not. */
const MOST_KEPT = 64 * 1024 * 1024;

/** Opens the contents of a repository. The process starts with the first read. */
export function openObjects(git: Git): Objects {
  const { ask, close } = openConversation(git);
  const kept = new Map<string, Promise<TreeFile>>();
  let bytesKept = 0;
  return {
    close,
    read(id) {
      const known = kept.get(id);
      if (known !== undefined) return known;
      const asked = ask(id).then((file) => {
        const size = file.kind === 'file' ? file.bytes.length : 0;
        if (bytesKept + size > MOST_KEPT) kept.delete(id);
        else bytesKept += size;
        return file;
      });
      kept.set(id, asked);
      return asked;
    },
  };
}

interface Asked {
  readonly id: string;
  readonly answer: (file: TreeFile) => void;
}

interface Conversation {
  readonly ask: (id: string) => Promise<TreeFile>;
  readonly close: () => Promise<void>;
}

function openConversation(git: Git): Conversation {
  /** Sent and not answered yet, in the order of their answers. */
  let waiting: Asked[] = [];
  let running:
    | { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<void> }
    | undefined;
  let patience: NodeJS.Timeout | undefined;
  let closed = false;

  const send = (asked: readonly Asked[]): void => {
    waiting.push(...asked);
    const { stdin } = (running ??= start()).child;
    for (const { id } of asked) stdin.write(`${id}\n`);
    beSoon();
  };
  // A clone without all contents asks its remote for each, and that may hang.
  const beSoon = (): void => {
    clearTimeout(patience);
    if (waiting.length > 0)
      patience = setTimeout(() => running?.child.kill('SIGKILL'), NETWORK_PATIENCE_MS);
  };
  const start = (): NonNullable<typeof running> => {
    const child = git.converse(['cat-file', '--batch']);
    const take = batchAnswers((answer) => {
      const asked = waiting.shift();
      asked?.answer(fileOf(answer, asked.id));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      take(chunk);
      beSoon();
    });
    child.stderr.resume();
    // What a dead process was not told is in `waiting`.
    child.stdin.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('close', () => resolve());
    }).then(over);
    return { child, ended };
  };
  // Git gives up at an object that it cannot fetch or unpack: that one stays unread, those behind it are asked again.
  const over = (): void => {
    running = undefined;
    clearTimeout(patience);
    const [first, ...others] = waiting;
    waiting = [];
    first?.answer(unresolved(NOT_HERE));
    if (others.length > 0) send(others);
  };
  return {
    ask(id) {
      // A process that nobody ends would keep this one from ending.
      if (closed) throw new Error(`the tree of ${id} was closed before it was read`);
      return new Promise((answer) => send([{ id, answer }]));
    },
    async close() {
      closed = true;
      while (running !== undefined) {
        running.child.stdin.end();
        await running.ended;
      }
    },
  };
}

const NOT_HERE =
  'git has no content for it: the clone is partial or damaged, and it could not be fetched';

function fileOf(answer: BatchAnswer, id: string): TreeFile {
  switch (answer.kind) {
    case 'content':
      return heldBy(answer.bytes, id);
    case 'too-large':
      return tooLarge(answer.size);
    case 'missing':
      return unresolved(NOT_HERE);
  }
}
