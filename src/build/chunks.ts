/**
 * Which sources go into one file of the build: those that a pattern names and all that they import at once, as far as no
 * earlier file has them. So no two files can import each other, and the order decides what a command loads: what many
 * need and what loads no package goes first. Sources that no pattern reaches, which are rare commands, are divided
 * by rolldown as they are imported. `test/startup.test.ts` holds what commands load.
 */
export const CHUNKS: readonly (readonly [name: string, sources: RegExp])[] = [
  // Every command.
  ['start', /src\/(cli|errors|make-folder|runtime)\.ts$/],
  ['domain', /src\/domain\//],
  // What the thread that reads, which loads no ledger, shares with the ledger, and with an ingest that finds
  // nothing to read; then the thread.
  ['packed', /src\/ledger\/packed-(events|part)\.ts$/],
  [
    'sources',
    /src\/ingest\/(format-finder|heap-growth|ingest-tally|noted-counts|source-bytes)\.ts$/,
  ],
  ['reading', /src\/(adapters\/.*|ingest\/(direct-lines|event-packer|formats|ingest-file))\.ts$/],
  // A report of the ledger, as text and as a table.
  ['ledger', /src\/ledger\/ledger-to-read\.ts$/],
  [
    'report',
    /src\/(commands\/(cost-view|report|session)|render\/(csv|formats|json|markdown)|reports\/(inferred-spend|spend-report))\.ts$/,
  ],
  ['tables', /src\/render\//],
  // An ingest, then what it writes with.
  [
    'ingest',
    /src\/(commands\/(ingest|rejects-file)|ingest\/(find-files|thread-start)|reports\/ingest-report)\.ts$/,
  ],
  ['writing', /src\/(ingest\/ingest|ledger\/ledger)\.ts$/],
  ['cards', /src\/config\/(card-files|compiled-files|overlay-files|rate-cards)\.ts$/],
  ['threads', /src\/ingest\/threaded-reading\.ts$/],
  ['append', /src\/ingest\/reading-alone\.ts$/],
  // Rooms that are pure, or read YAML only when there is some.
  ['attribution', /src\/attribution\//],
  ['settings', /src\/config\/(?!card-insert|card-lint|proposed-rows|yaml-lint)/],
  ['answers', /src\/reports\//],
  ['levers', /src\/whatif\//],
  ['counting', /src\/prompts\/counting\//],
  ['estimate', /src\/commands\/estimate/],
  ['gate', /src\/gate\/outputs\//],
  ['watching', /src\/commands\/watch\.ts$/],
  ['follow', /src\/ingest\/follow\.ts$/],
  // What loads a package: CSV, YAML and Handlebars, Ink.
  ['csv', /src\/ingest\/csv-records\.ts$/],
  ['formats', /src\/prompts\/formats\//],
  ['screen', /src\/watch\//],
];
