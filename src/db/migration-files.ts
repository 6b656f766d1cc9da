/** Reads the SQL files of prisma/migrations, and what each says of how it is applied. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const OWN_FOLDER = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

export interface Migration {
  readonly name: string;
  /** One after the other: of a text of several a distributed database would send all to each worker. */
  readonly statements: readonly string[];
  /** SHA-256 in hex, as Prisma writes it. */
  readonly checksum: string;
  /** Its statements, where it only makes indexes concurrently: each runs outside a transaction, and may run again. */
  readonly concurrent: readonly string[] | null;
  /** Of one that takes something away, the migration since which servers do without it: those that lack it cannot serve. */
  readonly contractAfter: string | null;
}

/** The line by which a migration says that it takes something away. */
const CONTRACT = /^-- Contract: servers without (\S+) cannot serve\.$/m;

/** In the order in which they are applied, that of their names. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  // A checkout that converts line ends must not look like an edit.
  const script = (await readFile(join(folder, name, 'migration.sql'), 'utf8')).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(script).digest('hex');
  return {
    name,
    statements: statementsOf(script),
    checksum,
    concurrent: concurrentStatements(script),
    contractAfter: CONTRACT.exec(script)?.[1] ?? null,
  };
}

/** An index left invalid by an attempt that broke off must be dropped before the next one, so each file begins with that. */
function concurrentStatements(script: string): readonly string[] | null {
  const statements = statementsOf(script.replaceAll(/^\s*--.*$/gm, ''));
  const isConcurrent = statements.every((statement) => /^(DROP|CREATE( UNIQUE)?) INDEX CONCURRENTLY /.test(statement));
  return isConcurrent && statements.length > 0 ? statements : null;
}

/** What may hold a semicolon that ends nothing: comments, texts, quoted names, bodies of functions. */
const WHOLE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;

function statementsOf(script: string): readonly string[] {
  const ends = [...script.matchAll(WHOLE)].flatMap(({ 0: text, index }) => (text === ';' ? [index] : []));
  const parts = [...ends, script.length].map((end, at) => script.slice(at === 0 ? 0 : (ends[at - 1] ?? 0) + 1, end).trim());
  return parts.filter((part) => part.replaceAll(/--.*$/gm, '').trim() !== '');
}
