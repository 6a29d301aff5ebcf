// Preloaded with `node --import`: on exit, prints to stderr the packages that were loaded, in order.
import { registerHooks } from 'node:module';

const packages = [];
registerHooks({
  load(url, context, nextLoad) {
    const name = url
      .split('/node_modules/')
      .at(1)
      ?.match(/^(@[^/]+\/)?[^/]+/)?.[0];
    if (name !== undefined && !packages.includes(name)) packages.push(name);
    return nextLoad(url, context);
  },
});
process.on('exit', () => process.stderr.write(`\n${JSON.stringify(packages)}\n`));
