/** The use case commitImport: the platform has exactly this preview written (R55). */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Acting, Role } from '../../kernel/actor.ts';
import { IdempotencyConflict, InvalidState, NotFound } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requirePerson, requireRole } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import type { Ports } from '../ports.ts';
import { refusePlatformUser } from '../refuse-actor.ts';
import { transact } from '../transact.ts';
import { holdKey, keepKey, readKey } from './commit-key.ts';
import type { ImportMode } from './import-row.ts';

export const COMMIT_ROLES: readonly Role[] = ['PLATFORM'];

const schema = z.object({ idempotencyKey: keySchema });

export interface CommitImportInput {
  /** As the caller wrote it. */
  readonly importId: string;
  readonly hash: string;
  readonly mode: ImportMode;
  readonly idempotencyKey: string;
}

interface Found {
  readonly status: string;
  readonly hash: string | null;
  readonly rows: number;
  readonly validRows: number;
  readonly mode: ImportMode | null;
}

/**
 * Starts the worker's commit, and returns at once. The same key and input return the import as it is now (R31). An import that failed
 * during a commit can be committed again with another key: it continues where it stopped.
 */
export async function commitImport(
  ports: Pick<Ports, 'sql' | 'directory' | 'imports'>,
  { actor, address }: Acting,
  input: CommitImportInput,
  row: RowId | null,
): Promise<RowId & { readonly replayed: boolean }> {
  requirePerson(actor);
  requireRole(actor, COMMIT_ROLES);
  checkInput(schema, input);
  const { hash, key } = keyed('commitImport', actor, COMMIT_ROLES, input);
  const done = await transact(ports, async (tx) => {
    await holdKey(tx, key);
    await refusePlatformUser(tx, actor, COMMIT_ROLES);
    const used = await readKey(ports, tx, key);
    if (used && used.hash !== hash) throw new IdempotencyConflict();
    const [found] =
      row === null
        ? []
        : await tx<Found[]>`
            SELECT status, hash, rows, valid_rows AS "validRows", mode FROM import
            WHERE tenant_id = ${row.tenantId} AND id = ${row.id} AND status <> 'UPLOADING' FOR NO KEY UPDATE`;
    if (!found || row === null) throw new NotFound();
    if (used) return { ...row, replayed: true };
    refuse(found, input);
    await tx`
      UPDATE import SET status = 'COMMITTING', mode = ${input.mode}, committed_by = ${actor.userId}, commit_address = ${address}, progress = 0,
        taken_by = NULL, taken_until = NULL, revision = revision + 1, changed_at = statement_timestamp()
      WHERE tenant_id = ${row.tenantId} AND id = ${row.id}`;
    await keepKey(ports, tx, row, { hash, key });
    return { ...row, replayed: false };
  });
  ports.imports.wake();
  return done;
}

function refuse({ hash, mode, rows, status, validRows }: Found, input: CommitImportInput): void {
  if (status === 'COMMITTING' || status === 'COMMITTED') throw new InvalidState('The import is committed already.');
  if (status === 'READING' || hash === null) throw new InvalidState('The import has no preview yet: wait until it is made.');
  if (hash !== input.hash) throw new InvalidState('The preview has changed since this hash was read: check it again.');
  // An import that failed during a commit already has a mode: its remaining rows are written.
  if (mode === null && input.mode === 'ALL' && validRows < rows) {
    throw new InvalidState(`${rows - validRows} of its rows have problems: correct the file, or commit the valid rows only.`);
  }
}

/**
 * The idempotency key of one row in the ledger. It identifies the row of a source, whatever its values and however often it is sent
 * (R31).
 */
export function rowKey(
  tenantId: string,
  source: string,
  kind: string,
  externalId: string,
): { readonly key: string; readonly hash: string } {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, source, kind, externalId]))
    .digest('hex');
  return { key: `import ${digest}`, hash: digest };
}
