/** Reads items one after the other, so that what is noticed has the order of the file whatever is read for it. */
export async function inOrder<Item, Result>(
  items: Iterable<Item>,
  read: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await read(item));
  return results;
}
