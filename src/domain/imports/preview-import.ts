/** The use cases previewImport, which reads a file again with other settings, and discardImport (R55). */

import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { type Settings, settingsOf, settingsSchema } from './settings.ts';
import { removeRows } from './sweep-imports.ts';
import { importsOf, refuseImporter } from './upload-import.ts';

export interface PreviewImportInput {
  readonly separator?: string | null | undefined;
  readonly encoding?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly rootName?: string | null | undefined;
  readonly columns?: readonly object[] | null | undefined;
}

/** Makes the preview again, with the given settings and the previous ones. A null setting is detected again. */
export async function previewImport(
  ports: Pick<Ports, 'sql' | 'imports'>,
  { actor }: Acting,
  row: RowId | null,
  input: PreviewImportInput,
): Promise<RowId> {
  const seen = importsOf(actor);
  const given = checkInput(settingsSchema, input);
  const done = await transact(ports, async (tx) => {
    await refuseImporter(tx, actor);
    const found = await lockImport(tx, row, seen.tenantId);
    await refuseWorkedOn(tx, found);
    if (found.committedBefore)
      throw new InvalidState('Some rows of the import are already written: commit the rest, or upload the file again.');
    const settings = settingsOf(given, found.settings);
    await tx`
      UPDATE import SET status = 'READING', settings = ${JSON.stringify(settings)}::text::jsonb, rows = 0, valid_rows = 0, known_rows = 0,
        progress = 0, totals = NULL, hash = NULL, taken_by = NULL, taken_until = NULL, revision = revision + 1, changed_at = statement_timestamp()
      WHERE tenant_id = ${found.tenantId} AND id = ${found.id}`;
    return { tenantId: found.tenantId, id: found.id };
  });
  ports.imports.wake();
  return done;
}

/** Deletes an import with all its rows. An import that has written rows stays, with its proof. */
export async function discardImport(ports: Pick<Ports, 'sql' | 'imports'>, { actor }: Acting, row: RowId | null): Promise<RowId> {
  const seen = importsOf(actor);
  const done = await transact(ports, async (tx) => {
    await refuseImporter(tx, actor);
    const found = await lockImport(tx, row, seen.tenantId);
    if (found.status === 'COMMITTING' || found.status === 'COMMITTED' || found.committedBefore)
      throw new InvalidState('Some rows of the import are written: it cannot be discarded.');
    await tx`UPDATE import SET status = 'UPLOADING', taken_by = NULL, taken_until = NULL WHERE tenant_id = ${found.tenantId} AND id = ${found.id}`;
    return { tenantId: found.tenantId, id: found.id };
  });
  // It is no longer visible. If this fails, sweepImports deletes the rest.
  await removeRows(ports.sql, done).catch(() => {});
  ports.imports.wake();
  return done;
}

interface LockedImport extends RowId {
  readonly status: string;
  readonly settings: Settings;
  readonly committedBefore: boolean;
}

/** Locks an import that the viewer may see, or throws NotFound. */
async function lockImport(tx: Transaction, row: RowId | null, seenTenantId: string | null): Promise<LockedImport> {
  const [found] =
    row === null || (seenTenantId !== null && row.tenantId !== seenTenantId)
      ? []
      : await tx<LockedImport[]>`
          SELECT tenant_id AS "tenantId", id, status, settings, mode IS NOT NULL AS "committedBefore" FROM import
          WHERE tenant_id = ${row.tenantId} AND id = ${row.id} AND status <> 'UPLOADING' FOR NO KEY UPDATE`;
  if (!found) throw new NotFound();
  return found;
}

/** An import that is being read may be read again with other settings; one that is being written may not. */
async function refuseWorkedOn(tx: Transaction, { id, status, tenantId }: LockedImport): Promise<void> {
  if (status === 'COMMITTING' || status === 'COMMITTED') throw new InvalidState('The import is committed: upload the file again.');
  const { count } = await tx`SELECT FROM import_chunk WHERE tenant_id = ${tenantId} AND import_id = ${id} LIMIT 1`;
  if (count === 0) throw new InvalidState('The file is no longer stored: upload it again.');
}
