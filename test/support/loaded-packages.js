// Preloaded with `node --import`: on exit, prints to stderr the packages that were loaded and the rooms of our own
// code that files were loaded from, each in order.
import { registerHooks } from 'node:module';

const packages = new Set();
const rooms = new Set();
registerHooks({
  load(url, context, nextLoad) {
    const name = url
      .split('/node_modules/')
      .at(1)
      ?.match(/^(@[^/]+\/)?[^/]+/)?.[0];
    if (name !== undefined) packages.add(name);
    const room = name === undefined ? url.match(/\/dist\/(.+)\/[^/]+$/)?.[1] : undefined;
    if (room !== undefined) rooms.add(room);
    return nextLoad(url, context);
  },
});
process.on('exit', () =>
  process.stderr.write(`\n${JSON.stringify({ packages: [...packages], rooms: [...rooms] })}\n`),
);
