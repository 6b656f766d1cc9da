/** Checks the rows of a preview against each other and against the tenant, and computes the totals of a commit (R55). */

import { hash } from 'node:crypto';
import { textArray } from '../../db/arrays/literal.ts';
import { setLocal } from '../../db/set-local.ts';
import type { Transaction } from '../../db/sql.ts';
import type { Topology } from '../../db/topology.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { MAX_DEPTH } from '../../ledger/rules/tree.ts';
import type { ImportTotals } from './import-row.ts';
import { MAX_PROBLEMS } from './limits.ts';
import type { Column } from './reading/columns.ts';
import { allowLong, fail, hold, LEASE_MS, type Taken } from './taken.ts';
import { totalsOf } from './totals.ts';

/** The e-mails that one statement looks up. */
const ASKED_EMAILS = 1_000;

interface Reading {
  readonly columns: readonly Column[];
  /** The number of records in the file. */
  readonly rows: number;
  /** The number of problems written so far. */
  readonly problems: number;
}

/**
 * Ends with the import PREVIEWED. It runs in one transaction and locks the import, so that no other process takes it, however long
 * this takes.
 */
export async function checkPreview(tx: Transaction, taken: Taken, reading: Reading, topology: Topology): Promise<void> {
  await hold(tx, taken, LEASE_MS);
  await allowLong(tx);
  // Rows that were just written have no statistics: a nested loop join over them would take quadratic time.
  await setLocal(tx, { enable_nestloop: 'off' });
  const { id, settings, tenantId } = taken;
  await tx`
    UPDATE import SET rows = ${reading.rows}, as_of = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
  const checks = new Checks(tx, taken, reading, topology);
  await checks.findKnown();
  await checks.findTwice();
  await checks.findTaken();
  await checks.findParents();
  await checks.placePanels();
  await checks.placeCustomers();
  const totals = await totalsOf(tx, taken, 'VALID');
  const tooMuch = await exceedsLedger(tx, taken, totals);
  if (tooMuch) {
    await fail(tx, taken, 0, 'The credits of the file and of the tenant add up to more than can be counted.');
    return;
  }
  const [counts] = await tx<{ valid: number; known: number }[]>`
    SELECT count(*) FILTER (WHERE state IN ('VALID', 'KNOWN'))::integer AS valid, count(*) FILTER (WHERE state = 'KNOWN')::integer AS known
    FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id}`;
  const { known = 0, valid = 0 } = counts ?? {};
  const preview = {
    id,
    attempt: taken.attempt,
    file: taken.fileHash,
    source: taken.source,
    settings,
    rows: reading.rows,
    valid,
    known,
    totals,
  };
  await tx`
    UPDATE import SET status = 'PREVIEWED', valid_rows = ${valid}, known_rows = ${known}, totals = ${JSON.stringify(totals)}::text::jsonb,
      hash = ${hash('sha256', JSON.stringify(preview))}, progress = 100, taken_by = NULL, taken_until = NULL,
      revision = revision + 1, changed_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** Whether the tenant's issued credits would exceed the maximum (R36). */
async function exceedsLedger(tx: Transaction, { tenantId }: Taken, { credits }: ImportTotals): Promise<boolean> {
  const [row] = await tx<{ exceeds: boolean }[]>`
    SELECT coalesce(sum(issued), 0) + ${credits}::bigint > ${MAX_CREDITS}::bigint AS exceeds FROM account WHERE tenant_id = ${tenantId}`;
  return row?.exceeds ?? false;
}

/** The checks of one preview. Each marks some of the rows that are still VALID as BAD, and writes the problem. */
class Checks {
  readonly #tx: Transaction;
  readonly #taken: Taken;
  readonly #columns: readonly Column[];
  readonly #topology: Topology;
  #problems: number;

  constructor(tx: Transaction, taken: Taken, { columns, problems }: Reading, topology: Topology) {
    this.#topology = topology;
    this.#tx = tx;
    this.#taken = taken;
    this.#columns = columns;
    this.#problems = problems;
  }

  /** Numbers equal rows that have no id of their own, and marks rows that an earlier import of the same source added. */
  async findKnown(): Promise<void> {
    const { id, source, tenantId } = this.#taken;
    await this.#tx`
      UPDATE import_row r SET external_id = r.external_id || ' ' || n.number
      FROM (SELECT line, row_number() OVER (PARTITION BY kind, external_id ORDER BY line) AS number
        FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} AND NOT is_given) AS n
      WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND r.line = n.line`;
    await this.#tx`
      UPDATE import_row r SET state = 'KNOWN', subject_id = k.id
      FROM imported k
      WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND k.tenant_id = r.tenant_id AND k.source = ${source} AND k.kind = r.kind
        AND k.external_id = r.external_id`;
  }

  async findTwice(): Promise<void> {
    const { id, tenantId } = this.#taken;
    const twice = (column: string, kinds: string) => `
      SELECT line, 'is on line ' || first || ' already.' AS message FROM (
        SELECT line, state, first_value(line) OVER (PARTITION BY kind, ${column} ORDER BY line) AS first
        FROM import_row WHERE tenant_id = '${tenantId}' AND import_id = '${id}' AND ${column} IS NOT NULL AND ${kinds} AND state <> 'BAD'
      ) AS all_rows WHERE line > first`;
    await this.#refuse('login', twice('login', "kind = 'CUSTOMER'"));
    await this.#refuse('email', twice('email', "kind = 'RESELLER'"));
    await this.#refuse('externalId', twice('external_id', 'is_given'));
    await this.#refuse('root', twice('is_root', 'is_root'));
  }

  async findTaken(): Promise<void> {
    const { id, tenantId } = this.#taken;
    const own = `r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.state = 'VALID'`;
    await this.#refuse(
      'login',
      `SELECT r.line, 'is taken by a customer of the tenant.' AS message FROM import_row r
       JOIN customer_access a ON a.tenant_id = r.tenant_id AND a.login = r.login WHERE ${own} AND r.kind = 'CUSTOMER'`,
    );
    if (this.#topology !== 'single') return this.#findTakenEmails();
    await this.#refuse(
      'email',
      `SELECT r.line, 'is taken: another user signs in with it.' AS message FROM import_row r JOIN app_user u ON u.email = r.email
       WHERE ${own} AND r.kind = 'RESELLER'`,
    );
  }

  /**
   * For a distributed database, where a user with the e-mail may be on another node: looks the file's e-mails up in the directory,
   * page by page.
   */
  async #findTakenEmails(): Promise<void> {
    const { id, tenantId } = this.#taken;
    const taken: number[] = [];
    let last = 0;
    for (let rows = ASKED_EMAILS; rows === ASKED_EMAILS; ) {
      const page = await this.#tx<{ line: number; email: string }[]>`
        SELECT line, email FROM import_row
        WHERE tenant_id = ${tenantId} AND import_id = ${id} AND line > ${last} AND state = 'VALID' AND kind = 'RESELLER' AND email IS NOT NULL
        ORDER BY line LIMIT ${ASKED_EMAILS}`;
      const found = await this.#tx<{ word: string }[]>`
        SELECT word FROM directory WHERE kind = 'EMAIL' AND word = ANY (${textArray(page.map(({ email }) => email))}::text[])`;
      const words = new Set(found.map(({ word }) => word));
      taken.push(...page.flatMap(({ email, line }) => (words.has(email) ? [line] : [])));
      last = page.at(-1)?.line ?? last;
      rows = page.length;
    }
    await this.#refuse(
      'email',
      `SELECT line, 'is taken: another user signs in with it.' AS message FROM unnest('{${taken.join()}}'::integer[]) AS line`,
    );
  }

  /** Finds each row's parent: the root, a panel of the file, one that was imported before, or one of the tenant by its owner's e-mail. */
  async findParents(): Promise<void> {
    const { id, settings, source, tenantId } = this.#taken;
    const tx = this.#tx;
    await tx`
      UPDATE import_row SET parent_id = tenant_id
      WHERE tenant_id = ${tenantId} AND import_id = ${id} AND (parent IS NULL OR lower(parent) = lower(${settings.rootName}::text))`;
    // Names in the file itself come first, and ids before logins: the id of one panel may be the login of another.
    for (const column of ['external_id', 'login', 'email']) {
      await tx.unsafe(
        `UPDATE import_row r SET parent_line = p.line
         FROM (SELECT DISTINCT ON (${column}) ${column} AS name, line FROM import_row
           WHERE tenant_id = $1 AND import_id = $2 AND kind = 'RESELLER' AND ${column} IS NOT NULL ORDER BY ${column}, line) AS p
         WHERE r.tenant_id = $1 AND r.import_id = $2 AND r.parent_id IS NULL AND r.parent_line IS NULL
           AND p.name = ${column === 'email' ? 'lower(r.parent)' : 'r.parent'}`,
        [tenantId, id],
      );
    }
    for (const column of ['external_id', 'login']) {
      await tx.unsafe(
        `UPDATE import_row r SET parent_id = CASE WHEN k.is_root THEN k.tenant_id ELSE k.id END FROM imported k
         WHERE r.tenant_id = $1 AND r.import_id = $2 AND r.parent_id IS NULL AND r.parent_line IS NULL
           AND k.tenant_id = r.tenant_id AND k.source = $3 AND k.kind = 'RESELLER' AND k.${column} = r.parent`,
        [tenantId, id, source],
      );
    }
    await tx`
      UPDATE import_row r SET parent_id = u.reseller_id FROM app_user u
      WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND r.parent_id IS NULL AND r.parent_line IS NULL
        AND u.tenant_id = r.tenant_id AND u.email = lower(r.parent) AND u.role = 'OWNER'`;
    const [root] = await tx<{ line: number }[]>`
      SELECT line FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} AND is_root ORDER BY line LIMIT 1`;
    if (root) {
      await tx`
        UPDATE import_row SET parent_id = tenant_id, parent_line = NULL
        WHERE tenant_id = ${tenantId} AND import_id = ${id} AND parent_line = ${root.line}`;
    }
    // A row that was imported before is an existing panel.
    await tx`
      UPDATE import_row r SET parent_id = p.subject_id FROM import_row p
      WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND r.parent_line IS NOT NULL
        AND p.tenant_id = r.tenant_id AND p.import_id = r.import_id AND p.line = r.parent_line AND p.state = 'KNOWN'`;
    const own = `r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.state = 'VALID'`;
    await this.#refuse(
      'parent',
      `SELECT r.line, 'names no panel of the tenant, and no valid row of the file.' AS message
       FROM import_row r WHERE ${own} AND r.parent_id IS NULL AND r.parent_line IS NULL`,
    );
    await this.#refuse(
      'parent',
      `SELECT r.line, 'is a panel that is closed.' AS message
       FROM import_row r JOIN reseller p ON p.tenant_id = r.tenant_id AND p.id = r.parent_id WHERE ${own} AND p.closed_at IS NOT NULL`,
    );
  }

  /** Computes the depth of each new panel. Refuses panels that are too deep, below themselves, or below a row with a problem. */
  async placePanels(): Promise<void> {
    const { id, tenantId } = this.#taken;
    const own = `r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.state = 'VALID'`;
    await this.#tx`
      UPDATE import_row r SET depth = CASE WHEN r.is_root THEN 0 ELSE p.depth + 1 END FROM reseller p
      WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND r.kind = 'RESELLER' AND r.state = 'VALID'
        AND p.tenant_id = r.tenant_id AND p.id = r.parent_id`;
    for (let level = 0; level <= MAX_DEPTH; level += 1) {
      await this.#tx`
        UPDATE import_row r SET depth = p.depth + 1 FROM import_row p
        WHERE r.tenant_id = ${tenantId} AND r.import_id = ${id} AND r.kind = 'RESELLER' AND r.state = 'VALID' AND r.depth IS NULL
          AND r.parent_id IS NULL AND p.tenant_id = r.tenant_id AND p.import_id = r.import_id AND p.line = r.parent_line
          AND p.state = 'VALID' AND p.depth <= ${MAX_DEPTH}`;
    }
    await this.#refuse(
      'parent',
      `SELECT r.line, 'is too deep: a tree has at most ${MAX_DEPTH} levels below its root.' AS message
       FROM import_row r WHERE ${own} AND r.kind = 'RESELLER' AND r.depth > ${MAX_DEPTH}`,
    );
    await this.#refuse(
      'parent',
      `WITH RECURSIVE below AS (
         SELECT r.line FROM import_row r WHERE r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.kind = 'RESELLER' AND r.state = 'BAD'
         UNION
         SELECT r.line FROM below b JOIN import_row r ON r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.parent_line = b.line
           AND r.parent_id IS NULL WHERE r.kind = 'RESELLER' AND r.state = 'VALID'
       ) SELECT line, 'is a row that has a problem, or is below such a row.' AS message FROM below`,
    );
    await this.#refuse(
      'parent',
      `SELECT r.line, 'leads back to this panel: it would be below itself.' AS message
       FROM import_row r WHERE ${own} AND r.kind = 'RESELLER' AND r.depth IS NULL`,
    );
  }

  async placeCustomers(): Promise<void> {
    const { id, tenantId } = this.#taken;
    await this.#refuse(
      'parent',
      `SELECT r.line, 'is a row that has a problem.' AS message FROM import_row r
       JOIN import_row p ON p.tenant_id = r.tenant_id AND p.import_id = r.import_id AND p.line = r.parent_line AND p.state = 'BAD'
       WHERE r.tenant_id = '${tenantId}' AND r.import_id = '${id}' AND r.state = 'VALID' AND r.kind = 'CUSTOMER' AND r.parent_id IS NULL`,
    );
  }

  /**
   * `found` is a query of lines and messages, built from ids and our own texts only. All found rows are marked; problems are written
   * up to the limit.
   */
  async #refuse(field: string, found: string): Promise<void> {
    const { id, tenantId } = this.#taken;
    const column = this.#columns.find((one) => one.field === field)?.heading ?? field;
    const [done] = await this.#tx.unsafe<{ named: number }[]>(
      `WITH found AS MATERIALIZED (${found}), marked AS (
         UPDATE import_row r SET state = 'BAD' FROM found f
         WHERE r.tenant_id = $1 AND r.import_id = $2 AND r.line = f.line AND r.state = 'VALID' RETURNING r.line
       ), named AS (
         INSERT INTO import_problem (tenant_id, import_id, line, column_name, message)
         SELECT $1, $2, f.line, $3::text, f.message FROM found f JOIN marked m ON m.line = f.line ORDER BY f.line LIMIT $4::integer
         RETURNING line
       ) SELECT count(*)::integer AS named FROM named`,
      [tenantId, id, column, Math.max(0, MAX_PROBLEMS - this.#problems)],
    );
    this.#problems += done?.named ?? 0;
  }
}
