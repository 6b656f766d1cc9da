/** Reads the SQL files of prisma/migrations, and how each must be applied. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const OWN_FOLDER = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

export interface Migration {
  readonly name: string;
  /** The statements, sent one by one: a distributed database would send a text with several statements whole to each worker. */
  readonly statements: readonly string[];
  /** SHA-256 in hex, as Prisma writes it. */
  readonly checksum: string;
  /** The statements of a file that only creates indexes concurrently; else null. Each runs outside a transaction and may run again. */
  readonly concurrent: readonly string[] | null;
  /** For a migration that removes something: the migration since which servers work without it. Servers without that one cannot serve. */
  readonly contractAfter: string | null;
}

/** The line by which a migration declares that it removes something. */
const CONTRACT = /^-- Contract: servers without (\S+) cannot serve\.$/m;

/** Returns the migrations in the order in which they are applied: by name. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  // A checkout that converts line endings must not look like an edited file.
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

/** Returns the statements if all of them create or drop indexes concurrently. A DROP first removes the invalid index of a failed attempt. */
function concurrentStatements(script: string): readonly string[] | null {
  const statements = statementsOf(script.replaceAll(/^\s*--.*$/gm, ''));
  const isConcurrent = statements.every((statement) => /^(DROP|CREATE( UNIQUE)?) INDEX CONCURRENTLY /.test(statement));
  return isConcurrent && statements.length > 0 ? statements : null;
}

/** Matches comments, strings, quoted names and function bodies as a whole, because a semicolon in them ends no statement. */
const WHOLE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;

function statementsOf(script: string): readonly string[] {
  const ends = [...script.matchAll(WHOLE)].flatMap(({ 0: text, index }) => (text === ';' ? [index] : []));
  const parts = [...ends, script.length].map((end, at) => script.slice(at === 0 ? 0 : (ends[at - 1] ?? 0) + 1, end).trim());
  return parts.filter((part) => part.replaceAll(/--.*$/gm, '').trim() !== '');
}
