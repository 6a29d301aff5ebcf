import type { Git } from './git.ts';
import { type LineEndings, lineEndings } from './line-endings.ts';
import { pathName, recordsOf } from './path-names.ts';

/** What git would keep of a file of the working tree. */
export type StoredForm =
  | { readonly kind: 'bytes'; readonly endings: LineEndings }
  /** Another program, or another encoding, makes something else of it. */
  | { readonly kind: 'converted'; readonly why: string };

const ATTRIBUTES = ['text', 'eol', 'filter', 'working-tree-encoding'] as const;

/**
 * How git keeps files of the working tree, by their paths: from `.gitattributes` and the user's configuration,
 * of whose programs none is run. Throws UserError (3) when git cannot tell.
 */
export async function storedForms(
  git: Git,
  paths: readonly Buffer[],
): Promise<(path: string) => StoredForm> {
  const [attributes, settings] = await Promise.all([
    git.must(['check-attr', '-z', '--stdin', ...ATTRIBUTES], {
      input: Buffer.concat(paths.flatMap((path) => [path, NUL])),
    }),
    settingsOf(git),
  ]);
  const set = new Map<string, Map<string, string>>();
  for (const [path, attribute, value] of triples(recordsOf(attributes))) {
    if (value === 'unspecified') continue;
    const values = set.get(path) ?? new Map<string, string>();
    set.set(path, values.set(attribute, value));
  }
  return (path) => formOf(set.get(path) ?? new Map(), settings);
}

const NUL = Buffer.of(0);

interface Settings {
  readonly autocrlf: boolean;
  /** Names of filters that change what is stored. */
  readonly filters: ReadonlySet<string>;
}

async function settingsOf(git: Git): Promise<Settings> {
  const wanted = String.raw`^(core\.autocrlf|filter\..*\.(clean|process))$`;
  // Ends with 1 when nothing of it is set.
  const { out } = await git.ask(['config', '-z', '--get-regexp', wanted]);
  let autocrlf = false;
  const filters = new Set<string>();
  for (const record of recordsOf(out)) {
    // `key<line feed>value`, or the key alone, which means yes.
    const [key = '', value = 'true'] = record.toString().split('\n');
    const [, filter] = /^filter\.(.*)\.(?:clean|process)$/.exec(key) ?? [];
    if (filter !== undefined) filters.add(filter);
    else autocrlf = ['true', 'yes', 'on', '1', 'input'].includes(value.toLowerCase());
  }
  return { autocrlf, filters };
}

function formOf(attributes: ReadonlyMap<string, string>, settings: Settings): StoredForm {
  const filter = attributes.get('filter');
  if (filter !== undefined && settings.filters.has(filter))
    return {
      kind: 'converted',
      why: `git stores it through the filter "${filter}", which is not run`,
    };
  const encoding = attributes.get('working-tree-encoding') ?? 'unset';
  if (!/^(unset|set|utf-?8)$/i.test(encoding))
    return { kind: 'converted', why: `git stores it in UTF-8 and it stands here in ${encoding}` };
  const [text = 'unspecified', eol = 'unspecified'] = [
    attributes.get('text'),
    attributes.get('eol'),
  ];
  return { kind: 'bytes', endings: lineEndings({ text, eol, autocrlf: settings.autocrlf }) };
}

/** Output of `check-attr -z`: path, attribute, value, path, attribute, value, ... */
function* triples(records: Iterable<Buffer>): Generator<readonly [string, string, string]> {
  let [path, attribute]: readonly [string?, string?] = [];
  for (const record of records)
    if (path === undefined) path = pathName(record);
    else if (attribute === undefined) attribute = record.toString();
    else {
      yield [path, attribute, record.toString()];
      [path, attribute] = [undefined, undefined];
    }
}
