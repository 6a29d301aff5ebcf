import { Chalk } from 'chalk';

/** Styles of the terminal table. Each leaves the text as it is where colour is off. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  /** For what is not known, or only in part. */
  readonly doubtful: (text: string) => string;
}

/** Whether to colour is the caller's to say: chalk's own look at the environment is not asked. */
export function paint(color: boolean): Paint {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    doubtful: (text) => chalk.yellow(text),
  };
}
