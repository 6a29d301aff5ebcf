#!/usr/bin/env node
// Kept in old syntax on purpose: an old Node has to be able to read it and say what it needs.
var wanted = [22, 12];
var found = process.versions.node.split('.').map(Number);
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  process.stderr.write(
    'aicost needs Node ' +
      wanted.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '.\n',
  );
  process.exitCode = 2;
} else {
  void import('../dist/main.js');
}
