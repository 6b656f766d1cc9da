/** The use case uploadImport: stores a file, sealed, for its preview (R55). */

import { createHash } from 'node:crypto';
import type { Transaction } from '../../db/sql.ts';
import { type Acting, type Actor, mayAct, type Role } from '../../kernel/actor.ts';
import { Forbidden, InvalidState, NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseActor, refusePlatformUser } from '../refuse-actor.ts';
import { transact } from '../transact.ts';
import { CHUNK_BYTES, MAX_OPEN_IMPORTS } from './limits.ts';
import { ByteReader, type Encoding } from './reading/decode.ts';
import { DEFAULT_SOURCE, type Settings, settingsOf, settingsSchema, sourceSchema } from './settings.ts';

export const UPLOAD_ROLES: readonly Role[] = ['PLATFORM', 'OWNER'];

export interface Upload {
  /** As the caller wrote them: see settingsSchema. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source: string | null;
  readonly fileName: string | null;
  /** The root of the tenant to import into. null if an OWNER uploads for its own tenant. */
  readonly root: RowId | null;
}

/** The tenant whose imports the actor may see and upload: an OWNER of a root its own tenant, the platform all (`null`). */
export function importsOf(actor: Actor): { readonly tenantId: string | null } {
  requirePerson(actor);
  const isPlatform = actor.panel === null;
  if (!mayAct(actor, isPlatform ? ['PLATFORM'] : ['OWNER'])) throw new Forbidden();
  if (actor.panel !== null && actor.panel.depth !== 0) throw new Forbidden("Only an OWNER of the tenant's root panel may do this.");
  return { tenantId: isPlatform ? null : actor.tenantId };
}

/** Checks the actor's rights again, in the transaction that uses them. */
export async function refuseImporter(tx: Transaction, actor: Actor): Promise<void> {
  if (actor.panel === null) await refusePlatformUser(tx, actor, ['PLATFORM']);
  else await refuseActor(tx, actor, actor.panel.id, ['OWNER']);
}

/**
 * Stores the file that arrives in `pieces`, with only a bounded part of it in memory, and starts its preview. A file that is not text
 * is refused while it arrives; an upload that breaks off leaves nothing. Returns when the whole file is stored.
 */
export async function uploadImport(
  ports: Pick<Ports, 'sql' | 'secrets' | 'imports'>,
  { actor }: Acting,
  { fileName, root, settings, source }: Upload,
  pieces: AsyncIterable<Buffer>,
): Promise<RowId> {
  const { tenantId: own } = importsOf(actor);
  const given = checkInput(settingsSchema, settings, 'parameters');
  const from = checkInput(sourceSchema, source || DEFAULT_SOURCE, 'source');
  const tenantId = own ?? root?.tenantId;
  if (tenantId === undefined || (root !== null && (root.tenantId !== tenantId || root.id !== tenantId))) throw new NotFound();
  const row = { tenantId, id: uuidv7() };
  await transact(ports, async (tx) => {
    await refuseImporter(tx, actor);
    const [tenant] = await tx<{ timeZone: string }[]>`
      SELECT time_zone AS "timeZone" FROM tenant WHERE id = ${tenantId} FOR NO KEY UPDATE`;
    if (!tenant) throw new NotFound();
    // Counted after the lock, because another upload may have held it.
    const open = await tx`SELECT FROM import WHERE tenant_id = ${tenantId} AND status <> 'COMMITTED' LIMIT ${MAX_OPEN_IMPORTS}`;
    if (open.count >= MAX_OPEN_IMPORTS) {
      throw new InvalidState(`At most ${MAX_OPEN_IMPORTS} imports of a tenant may be open: discard one with discardImport.`);
    }
    const kept: Settings = settingsOf(given, { separator: null, encoding: null, timeZone: tenant.timeZone, rootName: null, columns: [] });
    await tx`
      INSERT INTO import (tenant_id, id, status, source, file_name, uploaded_by, created_at, settings, changed_at)
      VALUES (${tenantId}, ${row.id}, 'UPLOADING', ${from}, ${fileName?.slice(0, 200) ?? null}, ${actor.userId},
        date_trunc('milliseconds', clock_timestamp()), ${JSON.stringify(kept)}::text::jsonb, clock_timestamp())`;
    return {};
  });
  try {
    await keep(ports, row, pieces);
  } catch (error) {
    await removeUpload(ports, row);
    throw error;
  }
  ports.imports.wake();
  return row;
}

async function keep(ports: Pick<Ports, 'sql' | 'secrets'>, row: RowId, pieces: AsyncIterable<Buffer>): Promise<void> {
  const reader = new ByteReader();
  const digest = createHash('sha256');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let position = 0;
  const write = async () => {
    if (waitingBytes === 0) return;
    await writeChunk(ports, row, position, Buffer.concat(waiting));
    position += 1;
    waiting = [];
    waitingBytes = 0;
  };
  for await (const piece of pieces) {
    reader.take(piece);
    digest.update(piece);
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes >= CHUNK_BYTES) await write();
  }
  const encoding = reader.end();
  await write();
  await finish(ports, row, { bytes: reader.bytes, hash: digest.digest('hex'), encoding });
}

export function chunkContext({ id, tenantId }: RowId, position: number): string {
  return `import_chunk ${tenantId} ${id} ${position}`;
}

/** Each byte becomes a Latin-1 character, because only text can be sealed. */
async function writeChunk({ secrets, sql }: Pick<Ports, 'sql' | 'secrets'>, row: RowId, position: number, bytes: Buffer): Promise<void> {
  const body = secrets.seal(bytes.toString('latin1'), chunkContext(row, position));
  await sql`
    INSERT INTO import_chunk (tenant_id, import_id, position, body) VALUES (${row.tenantId}, ${row.id}, ${position}, ${body})`;
}

interface Whole {
  readonly bytes: number;
  readonly hash: string;
  readonly encoding: Encoding;
}

async function finish({ sql }: Pick<Ports, 'sql'>, { id, tenantId }: RowId, { bytes, encoding, hash }: Whole): Promise<void> {
  const used = { separator: null, encoding, columns: [] };
  const { count } = await sql`
    UPDATE import SET status = 'READING', bytes = ${bytes}, file_hash = ${hash}, used = ${JSON.stringify(used)}::text::jsonb,
      revision = revision + 1, changed_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'UPLOADING'`;
  if (count === 0) throw new InvalidState('The upload took too long and was given up.');
}

/** Deletes the pieces before their import, because they refer to it. If this fails, sweepImports deletes the rest. */
async function removeUpload({ sql }: Pick<Ports, 'sql'>, { id, tenantId }: RowId): Promise<void> {
  try {
    await sql`DELETE FROM import_chunk WHERE tenant_id = ${tenantId} AND import_id = ${id}`;
    await sql`DELETE FROM import WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'UPLOADING'`;
  } catch {
    // The database is unreachable: see sweepImports.
  }
}
