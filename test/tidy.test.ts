import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const sourcesIn = (folder: string): readonly Source[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      return { path: relative(ROOT, file), text, lines: text.split('\n') };
    });

const SRC = sourcesIn('src');
const TEST = sourcesIn('test');

/** Code without its comments; texts stay. */
const codeOf = ({ text }: Source): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

/** Places of a pattern in the code of sources, as `path: match`. */
const places = (sources: readonly Source[], pattern: RegExp): readonly string[] =>
  sources.flatMap((source) =>
    [...codeOf(source).matchAll(pattern)].map(([found]) => `${source.path}: ${found.trim()}`),
  );

const outside = (sources: readonly Source[], ...paths: string[]): readonly Source[] =>
  sources.filter(({ path }) => !paths.some((allowed) => path.startsWith(allowed)));

describe('the checkout', () => {
  it('has at its top what its owner named, and what a package needs beside that', () => {
    const named = ['README.md', 'bin', 'package.json', 'rates', 'src', 'test', 'tsconfig.json'];
    const beside = ['CHANGELOG.md', 'LICENSE', 'package-lock.json'];
    const made = ['coverage', 'dist', 'node_modules'];
    const top = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !made.includes(name));
    expect(top.sort()).toEqual([...named, ...beside].sort());
  });
});

describe('the sources', () => {
  it('have no file whose name says nothing', () => {
    const vague = /^(utils?|helpers?|common|shared|types?|core|misc|index|main-?\d|stuff|lib)\.ts$/;
    const named = [...SRC, ...TEST].map(({ path }) => path);
    expect(named.filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  it('have names in lower case with hyphens', () => {
    const odd = SRC.filter(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(basename(path)));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('have no file of more than 300 lines', () => {
    const long = SRC.filter(({ lines }) => lines.length > 301);
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  it('speak SQL in the ledger only', () => {
    const sql = /[`'"]\s*(SELECT|INSERT|UPDATE|DELETE FROM|CREATE TABLE|DROP|PRAGMA|ATTACH)\s/g;
    expect(places(outside(SRC, 'src/ledger/'), sql)).toEqual([]);
  });

  it('read the clock in runtime.ts only', () => {
    const clock = /Date\.now\b|new Date\(\s*\)|performance\.now|process\.hrtime/g;
    expect(places(outside(SRC, 'src/runtime.ts'), clock)).toEqual([]);
  });

  it('touch the process in runtime.ts and main.ts only', () => {
    const touched = /\bprocess\.(exit|exitCode|stdout|stderr|stdin|argv|env|cwd)\b/g;
    expect(places(outside(SRC, 'src/runtime.ts', 'src/main.ts'), touched)).toEqual([]);
  });

  it('end the process in main.ts only', () => {
    expect(places(outside(SRC, 'src/main.ts'), /process\.(exit|abort|kill)\b/g)).toEqual([]);
  });

  it('run no text as code', () => {
    const running = /\beval\(|new Function\b|\bFunction\(|node:vm/g;
    expect(places(SRC, running)).toEqual([]);
  });

  it('start a thread for reading only', () => {
    const reading = ['src/ingest/reading-thread.ts', 'src/ingest/threaded-reading.ts'];
    expect(places(outside(SRC, ...reading), /worker_threads/g)).toEqual([]);
  });

  it('start no other program than git, in git.ts, and never through a shell', () => {
    // What else imports the module takes types of it.
    const started = outside(SRC, 'src/gate/trees/git.ts');
    expect(places(started, /import (?!type\b).*child_process/g)).toEqual([]);
    expect(places(SRC, /\b(execFileSync|execFile|spawnSync|execSync)\(|\bshell:/g)).toEqual([]);
    expect(places(SRC, /\bspawn\((?!'git',)/g)).toEqual([]);
  });

  it('go to the network in http.ts only, which comments of the gate alone use', () => {
    const network = /node:(https?|http2|net|tls|dns|dgram)\b|\bfetch\(|XMLHttpRequest|WebSocket/g;
    expect(places(outside(SRC, 'src/http.ts'), network)).toEqual([]);
  });

  it('draw no random numbers', () => {
    expect(places(SRC, /Math\.random|randomUUID|randomBytes/g)).toEqual([]);
  });

  it('leave nothing for later', () => {
    const later = /\b(TODO|FIXME|XXX|HACK|placeholder|lorem ipsum|coming soon)\b/gi;
    const left = SRC.flatMap(({ path, text }) =>
      [...text.matchAll(later)].map(([word]) => `${path}: ${word.toLowerCase()}`),
    );
    // In prompts a placeholder is a thing: what LangChain and Langfuse put messages in for, and Humanloop values.
    const isTerm = (place: string): boolean =>
      place.startsWith('src/prompts/format') && place.endsWith(': placeholder');
    expect(left.filter((place) => !isTerm(place))).toEqual([]);
  });

  it('say of every export what it is, directly above it', () => {
    const silent = SRC.flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => {
        const [, name] =
          /^export (?:declare )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/.exec(
            line,
          ) ?? [];
        return name === undefined || lines[index - 1]?.trimEnd().endsWith('*/') === true
          ? []
          : [`${path}:${index + 1}: ${name}`];
      }),
    );
    expect(silent).toEqual([]);
  });

  it('silence no check without saying why', () => {
    const silenced = /@ts-(ignore|nocheck)|@ts-expect-error\s*$|(ox|es)lint-disable(?!.* -- )/gm;
    const found = SRC.flatMap(({ path, text }) =>
      [...text.matchAll(silenced)].map(([word]) => `${path}: ${word}`),
    );
    expect(found).toEqual([]);
  });
});

describe('the tests', () => {
  it('need no network, no sleep and no clock', () => {
    const needed =
      /\bsetTimeout\(|\bfetch\(|Date\.now\(|new Date\(\s*\)|Math\.random|node:(https?|net)\b|vi\.(mock|useFakeTimers)\b/g;
    expect(
      places(
        outside(TEST, 'test/tidy.test.ts', 'test/soak/', 'test/support/', 'test/found'),
        needed,
      ),
    ).toEqual([]);
  });

  it('leave none out and run none alone', () => {
    const left = /\b(it|test|describe)\.(only|skip|todo)\b/g;
    expect(places(outside(TEST, 'test/tidy.test.ts'), left)).toEqual([]);
  });
});
