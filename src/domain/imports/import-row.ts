/** Reads imports as they are shown: by id or as a list, with their problems and first rows. */

import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { RowId } from '../input.ts';
import type { Settings, Used } from './settings.ts';

export type ImportStatus = 'READING' | 'PREVIEWED' | 'COMMITTING' | 'COMMITTED' | 'FAILED';
export type ImportMode = 'ALL' | 'VALID_ONLY';

/** Totals of rows. Status and remaining time are as of one moment, `asOf`. */
export interface ImportTotals {
  readonly resellers: number;
  readonly credits: number;
  readonly customers: number;
  readonly activeCustomers: number;
  readonly trialCustomers: number;
  readonly canceledCustomers: number;
  readonly expiredCustomers: number;
  readonly screens: number;
  /** The sum of screens × remaining time, in whole days, rounded down. */
  readonly screenDays: number;
}

export const NO_TOTALS: ImportTotals = {
  resellers: 0,
  credits: 0,
  customers: 0,
  activeCustomers: 0,
  trialCustomers: 0,
  canceledCustomers: 0,
  expiredCustomers: 0,
  screens: 0,
  screenDays: 0,
};

export interface Import {
  readonly tenantId: string;
  readonly id: string;
  /** Rises with each change of the import. */
  readonly revision: number;
  readonly status: ImportStatus;
  readonly source: string;
  readonly fileName: string | null;
  readonly createdAt: Date;
  readonly settings: Settings;
  readonly used: Used | null;
  readonly rows: number;
  readonly validRows: number;
  readonly knownRows: number;
  readonly progress: number;
  readonly asOf: Date | null;
  readonly totals: ImportTotals | null;
  readonly hash: string | null;
  readonly mode: ImportMode | null;
  readonly committedBy: string | null;
  readonly committedAt: Date | null;
  readonly proof: ImportTotals | null;
}

/** A page of imports. Imports that are still uploading are not listed. */
export interface ImportPage {
  readonly below: string | null;
  readonly above: string | null;
  readonly isBackward: boolean;
  readonly limit: number;
}

const COLUMNS = `i.tenant_id AS "tenantId", i.id, i.revision, i.status, i.source, i.file_name AS "fileName", i.created_at AS "createdAt", i.settings, i.used,
  i.rows, i.valid_rows AS "validRows", i.known_rows AS "knownRows", i.progress, i.as_of AS "asOf", i.totals, i.hash, i.mode,
  i.committed_at AS "committedAt", i.proof, coalesce(u.email, platform.email) AS "committedBy"`;

/** The user who committed an import belongs to its tenant, or to the platform, which has few users. */
const PLATFORM = `WITH platform AS MATERIALIZED (SELECT id, email FROM app_user WHERE tenant_id = '${PLATFORM_TENANT_ID}')`;
const COMMITTERS = `LEFT JOIN app_user u ON u.tenant_id = i.tenant_id AND u.id = i.committed_by LEFT JOIN platform ON platform.id = i.committed_by`;

/** Returns null if there is no such import. */
export async function readImport(sql: Pick<Sql, 'unsafe'>, { id, tenantId }: RowId): Promise<Import | null> {
  const text = `${PLATFORM} SELECT ${COLUMNS} FROM import i ${COMMITTERS} WHERE i.tenant_id = $1 AND i.id = $2 AND i.status <> 'UPLOADING'`;
  const [found] = await sql.unsafe<Import[]>(text, [tenantId, id]);
  return found ?? null;
}

/** Returns the imports of one tenant, or of all, newest first. It reads at most `limit` rows. */
export async function readImports(sql: Sql, tenantId: string | null, { above, below, isBackward, limit }: ImportPage): Promise<Import[]> {
  const text = `
    ${PLATFORM} SELECT ${COLUMNS} FROM import i ${COMMITTERS}
    WHERE i.status <> 'UPLOADING' AND ($1::uuid IS NULL OR i.tenant_id = $1::uuid)
      AND ($2::uuid IS NULL OR i.id < $2::uuid) AND ($3::uuid IS NULL OR i.id > $3::uuid)
    ORDER BY i.id ${isBackward ? 'ASC' : 'DESC'} LIMIT $4::integer`;
  return sql.unsafe<Import[]>(text, [tenantId, below, above, limit]);
}

export interface ImportProblem {
  /** Its position among the problems of its import, as `line:number`. */
  readonly place: string;
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

export interface ProblemPage {
  /** A position, as `line:number`. */
  readonly after: string | null;
  readonly before: string | null;
  readonly isBackward: boolean;
  readonly limit: number;
}

/** Returns problems in the order of their lines. */
export async function readProblems(
  sql: Pick<Sql, 'unsafe'>,
  { id, tenantId }: RowId,
  { after, before, isBackward, limit }: ProblemPage,
): Promise<ImportProblem[]> {
  const [afterLine, afterId] = placeOf(after);
  const [beforeLine, beforeId] = placeOf(before);
  const direction = isBackward ? 'DESC' : 'ASC';
  return sql.unsafe<ImportProblem[]>(
    `SELECT line || ':' || id AS place, line, column_name AS "column", message FROM import_problem
     WHERE tenant_id = $1 AND import_id = $2 AND ($3::integer IS NULL OR (line, id) > ($3::integer, $4::bigint))
       AND ($5::integer IS NULL OR (line, id) < ($5::integer, $6::bigint))
     ORDER BY line ${direction}, id ${direction} LIMIT $7::integer`,
    [tenantId, id, afterLine, afterId, beforeLine, beforeId, limit],
  );
}

function placeOf(place: string | null): readonly [number | null, number | null] {
  if (place === null) return [null, null];
  const [line, id] = place.split(':').map(Number);
  return [line ?? null, id ?? null];
}

/** A row as it was read. */
export interface SampleRow {
  readonly line: number;
  readonly kind: 'RESELLER' | 'CUSTOMER';
  readonly externalId: string | null;
  readonly name: string;
  readonly login: string | null;
  readonly email: string | null;
  readonly parent: string | null;
  readonly credits: number | null;
  readonly screens: number | null;
  readonly expiresAt: Date | null;
  readonly contact: string | null;
  readonly notes: string | null;
  readonly known: boolean;
}

/** The rows that are shown before a commit. */
const SAMPLE_ROWS = 20;

/** Returns the first rows that could be read. */
export async function readSample(sql: Sql, { id, tenantId }: RowId): Promise<SampleRow[]> {
  return sql<SampleRow[]>`
    SELECT line, kind, CASE WHEN is_given THEN external_id END AS "externalId", name, login, email, parent, credits, screens,
      expires_at AS "expiresAt", contact, notes, state = 'KNOWN' AS known
    FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} ORDER BY line LIMIT ${SAMPLE_ROWS}`;
}
