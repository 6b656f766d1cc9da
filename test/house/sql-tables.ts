/** The tables that have rows of tenants, as the migrations or the distribution create them. */

import { filesBelow, textOf } from './tree.ts';

/**
 * Table names. `directory` is looked up by a word (ADR-0130). `tenant` itself is identified by its id, the other
 * tables by tenant_id.
 */
export const TENANT_TABLES: ReadonlySet<string> = new Set([
  'tenant',
  ...[...filesBelow(['prisma/migrations'], ['.sql']), 'prisma/distribute.sql'].flatMap((path) =>
    [...textOf(path).matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([\s\S]*?)\n\);/g)].flatMap(([, table = '', columns = '']) =>
      /^\s+tenant_id /m.test(columns) && table !== 'directory' ? [table] : [],
    ),
  ),
]);
