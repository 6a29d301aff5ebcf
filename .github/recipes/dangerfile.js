// For Danger: after `npx --yes @aicost/cli@0.1 diff --format json=aicost.json || true`, with `danger ci`.
// What could not be compared is a failure too, never silence.
const { readFileSync } = require('node:fs');

const result = JSON.parse(readFileSync('aicost.json', 'utf8'));
if (result.verdict === 'error') fail(`Prompt cost was not compared: ${result.message}`);
for (const { level, message, path, line } of result.findings ?? [])
  if (level === 'error') fail(message, path ?? undefined, line ?? undefined);
  else if (level === 'warning') warn(message, path ?? undefined, line ?? undefined);
