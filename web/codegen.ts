/** Generates web/src/gql from the schema and the application's documents, or compares it with --check. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from '@graphql-codegen/cli';

/** Writes web/src/gql, typed documents of what the panel asks; with --check, compares and exits 1 when they are not up to date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, schema: { type: 'string' } } });
const here = import.meta.dirname;
const target = join(here, 'src/gql/');

const written = await generate(
  {
    schema: values.schema ?? join(here, '../schema/schema.graphql'),
    documents: [join(here, 'src/**/*.{ts,tsx}'), `!${target}**`],
    generates: {
      [target]: {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          strictScalars: true,
          scalars: { DateTime: 'string', Credits: 'number', CreditsDelta: 'number', MinorUnits: 'number', Version: 'number' },
          enumsAsTypes: true,
          useTypeImports: true,
          nonOptionalTypename: true,
        },
      },
    },
    emitLegacyCommonJSImports: false,
    importExtension: '.ts',
    silent: true,
  },
  !values.check,
);

if (values.check) {
  for (const { filename, content } of written) {
    if ((await readFile(filename, 'utf8').catch(() => '')) === content) continue;
    process.stderr.write('web/src/gql is not what the panel asks: run `npm run codegen`.\n');
    process.exitCode = 1;
    break;
  }
}
