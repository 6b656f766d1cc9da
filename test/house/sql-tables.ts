/** Which tables hold rows of tenants, as the migrations make them, or the distribution. */

import { filesBelow, textOf } from './tree.ts';

/** By their names; `directory` is asked by a word (ADR-0130). The rows of `tenant` itself are named by their id, those of the others by tenant_id. */
export const TENANT_TABLES: ReadonlySet<string> = new Set([
  'tenant',
  ...[...filesBelow(['prisma/migrations'], ['.sql']), 'prisma/distribute.sql'].flatMap((path) =>
    [...textOf(path).matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([\s\S]*?)\n\);/g)].flatMap(([, table = '', columns = '']) =>
      /^\s+tenant_id /m.test(columns) && table !== 'directory' ? [table] : [],
    ),
  ),
]);
