/** An object without the fields that have no value, so that what is absent is absent. */
export function knownFields<Fields extends object>(
  fields: Fields,
): { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const known: { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } = { ...fields };
  for (const key in known) if (known[key] === undefined) delete known[key];
  return known;
}
