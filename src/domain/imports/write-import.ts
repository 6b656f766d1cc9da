/** Commits an import: posts its rows through the ledger, page by page, and proves the result (R55). */

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { setLocal } from '../../db/set-local.ts';
import type { Transaction } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { Overloaded, type Refusal } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Command, NewAccess } from '../../ledger/command.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import type { Span } from '../../ledger/rules/spans.ts';
import { recordAudit } from '../audit/record.ts';
import { detailsOf } from '../customer/fields.ts';
import { createPause } from '../pause.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { COMMIT_ROLES, rowKey } from './commit-import.ts';
import type { ImportTotals } from './import-row.ts';
import { COMMITTED_ROWS, SETTLED_ROWS } from './limits.ts';
import type { Standing } from './reading/cells.ts';
import { allowLong, fail, hold, LEASE_MS, LostLease, storeProgress, type Taken } from './taken.ts';
import { proofOf, totalsOf } from './totals.ts';

type CommitPorts = Pick<Ports, 'ledger' | 'sql' | 'passwords'>;

/** The pause before a page that the ledger refused as Overloaded is posted again. */
const AGAIN_MS = 200;

/** A row to be written. Panels come before the panels below them, and customers come last. */
interface Row {
  readonly line: number;
  readonly kind: 'RESELLER' | 'CUSTOMER';
  readonly subjectId: string;
  readonly externalId: string;
  readonly name: string;
  readonly login: string | null;
  readonly email: string | null;
  /** null if the row that creates this panel was refused. */
  readonly panelId: string | null;
  readonly credits: number | null;
  readonly expiresAt: Date | null;
  readonly screens: number | null;
  readonly laterSpans: readonly Span[] | null;
  readonly isRoot: boolean;
  readonly nextScreens: number | null;
  readonly standing: Standing | null;
  readonly contact: string | null;
  readonly notes: string | null;
  readonly access: NewAccess | null;
}

/** The outcome of a row. */
interface Done {
  readonly line: number;
  readonly state: 'DONE' | 'KNOWN' | 'REFUSED';
  /** The id of the panel or customer. If an earlier import created it, its id from there. */
  readonly subjectId: string;
  readonly message: string | null;
}

/** Ends with the import COMMITTED, or FAILED with a problem that says why. `notify` notifies subscribers of a change. Throws LostLease. */
export async function writeImport(ports: CommitPorts, taken: Taken, notify: () => void, signal: AbortSignal): Promise<void> {
  const passwordHash = await ownersPassword(ports, taken);
  let left = await countLeft(ports, taken);
  const pause = createPause(ports, signal);
  // Two passes, each in the order of its index, so that all panels exist before the first customer.
  for (const kind of ['RESELLER', 'CUSTOMER'] as const) {
    for (;;) {
      const rows = await nextRows(ports, taken, kind);
      if (rows.length === 0) break;
      const done: Done[] = [];
      for (let from = 0; from < rows.length && !stops(taken, done); from += COMMITTED_ROWS) {
        signal.throwIfAborted();
        const some = rows.slice(from, from + COMMITTED_ROWS);
        const commands = some.map((row) => commandOf(taken, row, passwordHash));
        const outcomes = await post(ports, commands, signal);
        done.push(...some.map((row, index) => becameOf(row, outcomes[index])));
        await pause();
      }
      left -= done.length;
      const isStopped = await settle(ports, taken, done, left);
      notify();
      if (isStopped) return;
    }
  }
  await finish(ports, taken);
  notify();
}

/** The hash of a password that nobody knows, the same for all owners of this import. It identifies owners who have not signed in yet. */
async function ownersPassword({ passwords, sql }: CommitPorts, { id, takenBy, tenantId }: Taken): Promise<string> {
  const made = await passwords.hash(randomBytes(32).toString('base64url'));
  const [kept] = await sql<{ hash: string }[]>`
    UPDATE import SET owner_password_hash = coalesce(owner_password_hash, ${made})
    WHERE tenant_id = ${tenantId} AND id = ${id} AND taken_by = ${takenBy} RETURNING owner_password_hash AS hash`;
  if (!kept) throw new LostLease();
  return kept.hash;
}

/** Returns the next rows, all of one depth: rows below a panel wait until the outcome of the panel's row is stored. */
async function nextRows(ports: CommitPorts, taken: Taken, kind: Row['kind']): Promise<readonly Row[]> {
  const { rows } = await transact(ports, async (tx) => {
    await readByKey(tx);
    const all = await readRows(tx, taken, kind);
    const here = all.filter(({ depth }) => depth === all[0]?.depth);
    const above = here.flatMap(({ panelId, parentLine }) => (panelId === null && parentLine !== null ? [parentLine] : []));
    const made = new Map((await rowsAt(tx, taken, [...new Set(above)])).map((row) => [row.line, madeBy(row)]));
    return { rows: here.map((row) => ({ ...row, panelId: row.panelId ?? made.get(row.parentLine ?? 0) ?? null })) };
  });
  return rows;
}

/**
 * Rows that were just written have no statistics: all indexes look equal to the planner, and the wrong one reads the whole file for
 * each row. So these queries request an order that only one index has, and sorting is off.
 */
async function readByKey(tx: Transaction): Promise<void> {
  await setLocal(tx, { enable_sort: 'off', enable_seqscan: 'off', enable_bitmapscan: 'off' });
}

type PlacedRow = Row & { readonly depth: number | null; readonly parentLine: number | null };

function readRows(tx: Transaction, { id, tenantId }: Taken, kind: Row['kind']): Promise<readonly PlacedRow[]> {
  return tx<PlacedRow[]>`
    SELECT line, kind, subject_id AS "subjectId", external_id AS "externalId", name, login, email, parent_id AS "panelId",
      parent_line AS "parentLine", credits, expires_at AS "expiresAt", screens, later_spans AS "laterSpans", is_root AS "isRoot",
      next_screens AS "nextScreens", standing, contact, notes, access, depth
    FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} AND state = 'VALID' AND kind = ${kind}
    ORDER BY depth, line LIMIT ${SETTLED_ROWS}`;
}

interface RowAt {
  readonly line: number;
  readonly state: string;
  readonly subjectId: string;
  /** Its ctid, which is valid until the row changes. */
  readonly place: string;
}

/** Call it after readByKey. */
function rowsAt(tx: Transaction, { id, tenantId }: Taken, lines: readonly number[]): Promise<readonly RowAt[]> {
  return tx<RowAt[]>`
    SELECT line, state, subject_id AS "subjectId", ctid::text AS place FROM import_row
    WHERE tenant_id = ${tenantId} AND import_id = ${id} AND line = ANY (${`{${lines.join()}}`}::text::integer[]) ORDER BY line`;
}

/** The panel that the row created, or null. */
function madeBy({ state, subjectId }: RowAt): string | null {
  return state === 'DONE' || state === 'KNOWN' ? subjectId : null;
}

/** Counts the rows that are not written yet. */
async function countLeft({ sql }: CommitPorts, { id, tenantId }: Taken): Promise<number> {
  const [count] = await sql<{ left: number }[]>`
    SELECT count(*)::integer AS left FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} AND state = 'VALID'`;
  return count?.left ?? 0;
}

function commandOf(taken: Taken, row: Row, passwordHash: string): Command | null {
  const { committedBy, id: importId, source, tenantId } = taken;
  const { externalId, kind, line, panelId, subjectId } = row;
  if (panelId === null || committedBy === null) return null;
  const common = {
    tenantId,
    scopeTenantId: PLATFORM_TENANT_ID,
    scopeId: PLATFORM_TENANT_ID,
    actorId: committedBy,
    roles: COMMIT_ROLES,
    ...rowKey(tenantId, source, kind, externalId),
    importId,
    source,
    externalId,
  };
  if (kind === 'RESELLER') {
    const { credits, email, isRoot, login, name } = row;
    const balance = { transferId: uuidv7(), amount: credits ?? 0, login };
    if (isRoot) return { ...common, ...balance, kind: 'importRoot', rowId: subjectId };
    if (email === null) throw new Error(`line ${line} of an import has no e-mail`);
    const owner = { id: uuidv7(), email, passwordHash };
    return {
      ...common,
      kind: 'importReseller',
      ...balance,
      resellerId: subjectId,
      parentId: panelId,
      name,
      owner,
    };
  }
  const { access, contact, expiresAt, laterSpans, name, nextScreens, notes, screens, standing } = row;
  if (expiresAt === null || screens === null || standing === null) throw new Error(`line ${line} of an import has no end`);
  return {
    ...common,
    kind: 'importCustomer',
    customerId: subjectId,
    resellerId: panelId,
    details: detailsOf(name, contact, notes),
    access,
    expiresAtMs: expiresAt.getTime(),
    screens,
    laterSpans: laterSpans ?? [],
    nextScreens: nextScreens ?? screens,
    standing,
  };
}

/**
 * Posts the commands together: each row is decided separately, and all are written in one transaction. Waits while the ledger is
 * overloaded.
 */
async function post(
  { ledger }: CommitPorts,
  commands: readonly (Command | null)[],
  signal: AbortSignal,
): Promise<readonly (Outcome | null)[]> {
  const posted = commands.filter((command) => command !== null);
  for (;;) {
    try {
      const outcomes = posted.length === 0 ? [] : await ledger.postEach(posted);
      const next = outcomes.values();
      return commands.map((command) => (command === null ? null : (next.next().value ?? null)));
    } catch (error) {
      // The commands have idempotency keys: a row that was written after all is recognized.
      if (!(error instanceof Overloaded)) throw error;
      await delay(AGAIN_MS, undefined, { signal });
    }
  }
}

function becameOf({ line, subjectId }: Row, outcome: Outcome | null | undefined): Done {
  if (!outcome) return { line, state: 'REFUSED', subjectId, message: 'The panel to which it belongs was not made.' };
  if (outcome.status === 'refused') return { line, state: 'REFUSED', subjectId, message: wordsOf(outcome.refusal) };
  if (outcome.status === 'posted' || outcome.subjectId === subjectId) return { line, state: 'DONE', subjectId, message: null };
  return { line, state: 'KNOWN', subjectId: outcome.subjectId ?? subjectId, message: null };
}

function wordsOf({ code, message }: Refusal): string {
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? 'Whoever committed it may no longer do so: commit it again.' : message;
}

/** The row that stops the commit: a refused row if all must be written, or a row for which the committer has no right any more. */
function stops({ mode }: Taken, done: readonly Done[]): Done | undefined {
  const refused = done.filter(({ state }) => state === 'REFUSED');
  const nobody = refused.find(({ message }) => message?.startsWith('Whoever committed it') === true);
  return nobody ?? (mode === 'ALL' ? refused[0] : undefined);
}

/** Stores the outcomes of rows. `left` is the number of rows after them. Returns whether the commit stops here. */
async function settle(ports: CommitPorts, taken: Taken, done: readonly Done[], left: number): Promise<boolean> {
  const { id, tenantId } = taken;
  const stop = stops(taken, done);
  // Refused rows stay VALID if the commit stops, so that the next commit tries them again.
  const settled = stop === undefined ? done : done.filter(({ state }) => state !== 'REFUSED');
  await transact(ports, async (tx) => {
    await hold(tx, taken, LEASE_MS);
    await readByKey(tx);
    const lines = settled.map(({ line }) => line);
    const places = new Map((await rowsAt(tx, taken, lines)).map(({ line, place }) => [line, place]));
    const became = settled.map(({ line, state, subjectId }) => ({ state, subjectId, place: places.get(line) }));
    // Rows are addressed by ctid, which nobody changes while the import is locked.
    await tx`
      UPDATE import_row r SET state = d.state, subject_id = d."subjectId"
      FROM jsonb_to_recordset(${JSON.stringify(became)}::text::jsonb) AS d (state text, "subjectId" uuid, place text)
      WHERE r.tenant_id = ${tenantId} AND r.ctid = d.place::tid`;
    await tx`
      INSERT INTO import_problem (tenant_id, import_id, line, column_name, message)
      SELECT ${tenantId}, ${id}, line, NULL, message
      FROM jsonb_to_recordset(${JSON.stringify(settled.filter(({ message }) => message !== null))}::text::jsonb) AS d (line integer, message text)`;
    await storeProgress(tx, taken, 100 * (1 - left / Math.max(1, taken.rows)));
    if (stop !== undefined) await fail(tx, taken, stop.line, stop.message ?? '');
    return {};
  });
  return stop !== undefined;
}

/** Stores both totals, of the rows in the file and of those in the database, and records the commit in the audit log. */
async function finish(ports: CommitPorts, taken: Taken): Promise<void> {
  const { address, committedBy, id, source, tenantId } = taken;
  await transact(ports, async (tx) => {
    await hold(tx, taken, LEASE_MS);
    await allowLong(tx);
    const before = await totalsOf(tx, taken, 'DONE');
    const after = await proofOf(tx, taken);
    await tx`
      UPDATE import i SET status = 'COMMITTED', totals = ${JSON.stringify(before)}::text::jsonb, proof = ${JSON.stringify(after)}::text::jsonb, progress = 100,
        committed_at = date_trunc('milliseconds', statement_timestamp()), taken_by = NULL, taken_until = NULL, revision = revision + 1,
        known_rows = (SELECT count(*) FROM import_row r WHERE r.tenant_id = ${tenantId} AND r.import_id = i.id AND r.state = 'KNOWN'),
        valid_rows = (SELECT count(*) FROM import_row r WHERE r.tenant_id = ${tenantId} AND r.import_id = i.id AND r.state IN ('DONE', 'KNOWN')),
        changed_at = statement_timestamp()
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    await audit(tx, { actorId: committedBy ?? '', address, source, tenantId }, after);
    return {};
  });
}

interface Committed {
  readonly tenantId: string;
  readonly actorId: string;
  readonly address: string | null;
  readonly source: string;
}

/** The entry is in the root's log, which its OWNERs and the platform read. */
async function audit(tx: Transaction, { actorId, address, source, tenantId }: Committed, sums: ImportTotals): Promise<void> {
  const of = (field: string, after: number) => ({ field, before: null, after: String(after) });
  await recordAudit(tx, {
    tenantId,
    resellerId: tenantId,
    actorId,
    address,
    action: 'IMPORT_COMMITTED',
    subject: source,
    changes: [
      of('resellers', sums.resellers),
      of('credits', sums.credits),
      of('customers', sums.customers),
      of('screenDays', sums.screenDays),
    ],
  });
}
