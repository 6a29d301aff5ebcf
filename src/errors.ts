import type { Origin } from './domain/origin.ts';

/** How the process ended. Stable: scripts and CI read these (DESIGN.md 3). */
export const ExitCode = {
  ok: 0,
  /** It ran and a check the user asked for did not hold. */
  checkFailed: 1,
  /** It could not run, and the user can mend that: a flag, a config, a rate card, an unknown format. */
  cannotRun: 2,
  /** It could not decide: nothing to compare with, no price under --strict, unreadable input. */
  undecided: 3,
  /** A bug in aicost. */
  bug: 70,
  interrupted: 130,
} as const;
/** One of the exit codes above. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type { Origin } from './domain/origin.ts';

/** An origin as people and editors read it: `file:line:column`, with what is known. */
export const showOrigin = ({ file, line, column }: Origin): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');

/**
 * Something the user can mend. The only error thrown on purpose past an edge: every other one is a
 * bug and keeps its stack. `hint` says what to do next; `exitCode` is 2 unless the tool ran and could
 * not decide (3).
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly origin: Origin | undefined;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(
    message: string,
    detail: { origin?: Origin; hint?: string; cause?: unknown; exitCode?: ExitCode } = {},
  ) {
    super(message, { cause: detail.cause });
    this.origin = detail.origin;
    this.hint = detail.hint;
    this.exitCode = detail.exitCode ?? ExitCode.cannotRun;
  }
}

/** A value as an error quotes it: one line, 40 characters at most, no control characters. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
