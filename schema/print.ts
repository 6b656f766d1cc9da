/** Prints the schema to schema/schema.graphql and that of webhooks' messages to docs/, or compares them with --check. */

import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { z } from 'zod';
import { messageSchema } from '../src/domain/endpoint/event-schemas.ts';
import { schema } from './index.ts';

const messages = { title: 'The messages that webhook endpoints are sent', ...z.toJSONSchema(messageSchema, { io: 'input' }) };

/** By path. With --check, exits 1 when a file is not up to date. */
const files = {
  'schema/schema.graphql': `${printSchema(lexicographicSortSchema(schema))}\n`,
  'docs/webhook-events.schema.json': `${JSON.stringify(messages, null, 2)}\n`,
};

for (const [path, printed] of Object.entries(files)) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) await writeFile(file, printed);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write(`${path} is not what the code builds: run \`npm run schema\`.\n`);
    process.exitCode = 1;
  }
}
