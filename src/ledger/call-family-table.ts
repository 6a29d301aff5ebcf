import type { Database } from './database.ts';

/** A key under which a record of a family stands; exact where the record names its request. */
export interface FamilyMember {
  readonly key: string;
  readonly exact: boolean;
}

/**
 * The table of call families, read and written many rows at a time. A family that one event of a block tells has no
 * row in it: the block knows it, until it is made rows.
 */
export interface FamilyTable {
  /** Looks whether there are any; once a transaction, and whenever somebody else made rows of blocks in it. */
  readonly look: () => void;
  /** Whether the table has any family at all. */
  readonly isUsed: () => boolean;
  /** Reads at once what is known of families. */
  readonly expect: (families: readonly string[]) => void;
  /** The members of a family by their keys, those that wait to be written among them. */
  readonly members: (family: string) => readonly FamilyMember[];
  readonly add: (family: string, member: FamilyMember) => void;
  readonly write: () => void;
}

/** The member that a record is whose family is known: a replay and a record without its request may be any call of it. */
export const memberOf = (key: string, family: string, replay: boolean): FamilyMember => ({
  key,
  exact: key !== family && !replay,
});

/** Rows that one statement reads or writes. */
const AT_ONCE = 64;

interface Row {
  readonly family: string;
  readonly event_key: string;
  readonly exact: number;
}

/** Opens the table inside the caller's transactions. */
export function openFamilyTable(database: Database): FamilyTable {
  const any = database.prepare('SELECT 1 FROM call_family LIMIT 1');
  const list = Array<string>(AT_ONCE).fill('?').join(', ');
  const find = database.prepare<unknown[], Row>(
    `SELECT family, event_key, exact FROM call_family WHERE family IN (${list})`,
  );
  const insert = (rows: number) =>
    database.prepare<unknown[]>(
      `INSERT OR IGNORE INTO call_family (family, event_key, exact) VALUES ${Array<string>(rows).fill('(?, ?, ?)').join(', ')}`,
    );
  const [insertOne, insertMany] = [insert(1), insert(AT_ONCE)];

  let used = false;
  /** What is known of the families expected, by family. */
  let known = new Map<string, FamilyMember[]>();
  let unwritten: (readonly [family: string, key: string, exact: number])[] = [];

  const read = (families: readonly string[]): void => {
    for (const family of families) known.set(family, []);
    if (!used) return;
    for (let at = 0; at < families.length; at += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, index) => families[at + index] ?? null);
      for (const { family, event_key: key, exact } of find.all(...some))
        known.get(family)?.push({ key, exact: exact === 1 });
    }
    for (const family of families) known.get(family)?.sort(byKey);
  };
  const write = (): void => {
    const rows = unwritten;
    unwritten = [];
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const some = rows.slice(at, at + AT_ONCE);
      if (some.length === AT_ONCE) insertMany.run(some.flat());
      else for (const row of some) insertOne.run(...row);
    }
  };

  return {
    look() {
      used ||= any.get() !== undefined;
      known = new Map();
    },
    isUsed: () => used,
    expect(families) {
      write();
      known = new Map();
      read([...new Set(families)]);
    },
    members(family) {
      if (!known.has(family)) {
        write();
        read([family]);
      }
      return known.get(family) ?? [];
    },
    add(family, member) {
      used = true;
      const members = known.get(family);
      members?.push(member);
      members?.sort(byKey);
      unwritten.push([family, member.key, member.exact ? 1 : 0]);
    },
    write,
  };
}

/** In the order in which SQLite keeps texts: by their bytes. */
const byKey = (one: FamilyMember, other: FamilyMember): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key));
