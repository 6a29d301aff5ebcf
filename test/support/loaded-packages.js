// Preloaded with `node --import`: on exit, prints to stderr the packages that were loaded and the files of the build,
// without their ending, each in order.
import { registerHooks } from 'node:module';

const packages = new Set();
const files = new Set();
registerHooks({
  load(url, context, nextLoad) {
    const name = url
      .split('/node_modules/')
      .at(1)
      ?.match(/^(@[^/]+\/)?[^/]+/)?.[0];
    if (name !== undefined) packages.add(name);
    const file = name === undefined ? url.match(/\/dist\/(.+)\.js$/)?.[1] : undefined;
    if (file !== undefined) files.add(file);
    return nextLoad(url, context);
  },
});
process.on('exit', () =>
  process.stderr.write(`\n${JSON.stringify({ packages: [...packages], files: [...files] })}\n`),
);
