// What somebody would write who asks DuckDB instead: node duckdb.js FOLDER DATABASE SQL...
// FOLDER is where @duckdb/node-api is installed. Prints the rows of the last statement as JSON.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, database, ...statements] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(folder, 'from.js'))('@duckdb/node-api');
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
let rows = [];
for (const statement of statements)
  rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
process.stdout.write(JSON.stringify(rows));
connection.closeSync();
instance.closeSync();
