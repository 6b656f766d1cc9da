/** Writes schema/schema.graphql and the JSON schema of webhook messages in docs/. With --check, only compares them. */

import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { z } from 'zod';
import { messageSchema } from '../src/domain/endpoint/event-schemas.ts';
import { schema } from './index.ts';

const messages = { title: 'The messages that webhook endpoints are sent', ...z.toJSONSchema(messageSchema, { io: 'input' }) };

/** The contents of each generated file, by path. With --check, the process exits with 1 if a file is out of date. */
const files = {
  'schema/schema.graphql': `${printSchema(lexicographicSortSchema(schema))}\n`,
  'docs/webhook-events.schema.json': `${JSON.stringify(messages, null, 2)}\n`,
};

for (const [path, printed] of Object.entries(files)) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) await writeFile(file, printed);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write(`${path} is out of date. Run \`npm run schema\`.\n`);
    process.exitCode = 1;
  }
}
