/** Prints the schema to schema/schema.graphql, or compares it with --check. */

import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './index.ts';

/** Prints the schema to schema/schema.graphql; with --check, compares and exits 1 when the file is not up to date. */
const file = new URL('schema.graphql', import.meta.url);
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write('schema/schema.graphql is not what the code builds: run `npm run schema`.\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
