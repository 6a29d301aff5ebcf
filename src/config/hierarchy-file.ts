import type { Hierarchy, Membership } from '../domain/tag-rules.ts';
import { quote } from '../errors.ts';
import { meet } from './key-rules-file.ts';
import { inForceAt, requireKeys, tagAt } from './rule-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** Decodes `hierarchy:` of aicost.yaml: which teams belong to which departments, and when. */
export function hierarchiesAt(
  read: TreeReader,
  value: Located | undefined,
  timeZone: string,
): readonly Hierarchy[] {
  const found: Hierarchy[] = [];
  for (const [index, item] of read.list(value, 'hierarchy').entries()) {
    const path = `hierarchy[${index}]`;
    const fields = read.map(item, path, ['of', 'to', 'members']);
    requireKeys(read, item, path, ['of', 'to', 'members']);
    const [ofValue, toValue] = [fields.get('of')?.value, fields.get('to')?.value];
    const [of, to] = [tagAt(read, ofValue, `${path}.of`), tagAt(read, toValue, `${path}.to`)];
    const names = [ofValue, toValue].flatMap((name) => (name?.kind === 'scalar' ? name.text : []));
    const members = membersAt(read, fields.get('members')?.value, { path, names, timeZone });
    if (of === undefined || to === undefined) continue;
    const hierarchy = { of, to, members };
    const circle = pathTo(of, to, [...found, hierarchy]);
    if (circle === undefined) found.push(hierarchy);
    else read.error(item.origin, `${path}: goes in a circle: ${[...circle, of].join(' -> ')}`);
  }
  return found;
}

function membersAt(
  read: TreeReader,
  value: Located | undefined,
  place: { readonly path: string; readonly names: readonly string[]; readonly timeZone: string },
): readonly Membership[] {
  const [of = '', to = ''] = place.names;
  const members: Membership[] = [];
  const known = new Map<string, readonly Membership[]>();
  for (const [index, item] of read.list(value, `${place.path}.members`).entries()) {
    const path = `${place.path}.members[${index}]`;
    const fields = read.map(item, path, [of, to, 'since', 'until']);
    requireKeys(read, item, path, [of, to]);
    const child = read.text(fields.get(of)?.value, `${path}.${of}`);
    const parent = read.text(fields.get(to)?.value, `${path}.${to}`);
    const dates = inForceAt(read, fields, path, place.timeZone);
    if (child === undefined || parent === undefined) continue;
    const member = { child, parent, origin: item.origin, ...dates };
    const alike = known.get(child) ?? [];
    known.set(child, [...alike, member]);
    const other = alike.find((one) => meet(one, member));
    if (other === undefined) members.push(member);
    else
      read.error(
        item.origin,
        `${path}: ${quote(child)} belongs to ${quote(other.parent)} by line ${other.origin.line ?? '?'} at the same time; end one with until where the other begins with since`,
      );
  }
  return members;
}

/** The way up from a tag back to itself by a first step; `undefined` when there is none. */
function pathTo(
  goal: string,
  from: string,
  hierarchies: readonly Hierarchy[],
): readonly string[] | undefined {
  const ways = new Map<string, readonly string[]>([[from, [goal, from]]]);
  for (const [name, way] of ways) {
    if (name === goal) return way.slice(0, -1);
    for (const { of, to } of hierarchies)
      if (of === name && !ways.has(to)) ways.set(to, [...way, to]);
  }
  return undefined;
}
