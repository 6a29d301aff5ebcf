import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { screenPicture } from './screen.ts';

const FILE = join(import.meta.dirname, '../../.github/watch.svg');

// UPDATE_README=1 draws it anew.
it("the README's picture of the screen is what aicost draws of the demo", async () => {
  const picture = await screenPicture();
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, picture);
  expect(readFileSync(FILE, 'utf8')).toBe(picture);
});
