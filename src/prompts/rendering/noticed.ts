import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import type { Finding, FindingLevel } from '../finding.ts';

/** Most findings of one rendering; a loop says the same thing once a pass. */
const MOST_FINDINGS = 200;

/** Collects findings, each once. */
export interface Noticed {
  readonly add: (level: FindingLevel, code: string, message: string, origin: Origin) => void;
  /** A variable that nothing gives a value is printed, or asked for by a condition. */
  readonly undefinedVariable: (name: string, origin: Origin, use: 'printed' | 'tested') => void;
  readonly findings: () => readonly Finding[];
}

/** An empty collection. */
export function openNoticed(): Noticed {
  const found = new Map<string, Finding>();
  /** Messages are made for what was not said before only: a loop says the same a million times. */
  const once = (key: string, make: () => Finding): void => {
    if (found.size < MOST_FINDINGS && !found.has(key)) found.set(key, make());
  };
  const keyOf = (code: string, said: string, { file, line }: Origin): string =>
    `${code}\0${said}\0${file}\0${line}`;
  return {
    add(level, code, message, origin) {
      once(keyOf(code, message, origin), () => ({ level, code, message, origin }));
    },
    undefinedVariable(name, origin, use) {
      const code = 'undefined-variable';
      const [level, effect]: [FindingLevel, string] =
        use === 'printed'
          ? ['warning', 'so nothing is counted for it']
          : ['notice', 'so a condition takes it as false'];
      once(keyOf(code + use, name, origin), () => ({
        level,
        code,
        message: `${quote(name)} has no value, ${effect}`,
        origin,
      }));
    },
    findings: () => [...found.values()],
  };
}
