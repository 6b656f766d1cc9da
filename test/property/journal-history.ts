/** Generates random journals for tests of reports. */

import fc from 'fast-check';
import type { Sql } from '../../src/db/sql.ts';
import type { TransferKind } from '../../src/kernel/journal.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';

/** A panel of a generated tenant. Its parent has a lower number, or -1 for the root. */
export interface PanelDraft {
  readonly parent: number;
}

export interface StepDraft {
  readonly kind: TransferKind;
  /** Chooses the panel; `other` chooses one of its children and customers. */
  readonly panel: number;
  readonly other: number;
  readonly amount: number;
  /** Milliseconds after the previous step. */
  readonly afterMs: number;
}

const KINDS: readonly TransferKind[] = [
  ...(['ISSUE', 'PURCHASE', 'GRANT', 'TRANSFER', 'RECLAIM', 'SWEEP'] as const),
  ...(['ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'CHARGEBACK', 'REVERSAL', 'UNDO'] as const),
];
const HOUR_MS = 3_600_000;

/** Twenty days or more of a tenant of one to eight panels. */
export const historyDraft = fc.record({
  panels: fc
    .array(fc.nat(), { maxLength: 7 })
    .map((parents): PanelDraft[] => [{ parent: -1 }, ...parents.map((parent, index) => ({ parent: parent % (index + 1) }))]),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      panel: fc.nat(),
      other: fc.nat(),
      amount: fc.integer({ min: 1, max: 20 }),
      afterMs: fc.oneof(fc.constant(0), fc.nat(HOUR_MS), fc.nat(30 * HOUR_MS)),
    }),
    { minLength: 10, maxLength: 80 },
  ),
});

export interface Made {
  readonly kind: TransferKind;
  readonly from: number | null;
  readonly to: number | null;
  readonly amount: number;
  readonly customerId: string | null;
  /** The index of the spend that it undoes. */
  readonly undoes: number | null;
  readonly atMs: number;
}

interface MadeCustomer {
  readonly id: string;
  readonly panel: number;
  readonly isTrial: boolean;
  readonly expiresAtMs: number;
}

export interface History {
  readonly tenantId: string;
  readonly ids: readonly string[];
  readonly paths: readonly string[];
  readonly made: readonly Made[];
  readonly customers: readonly MadeCustomer[];
}

const CUSTOMERS_PER_PANEL = 3;

/** Decides what the drafts do, as plain data. No panel pays more than it has. */
export function historyOf(panels: readonly PanelDraft[], steps: readonly StepDraft[], beginsMs: number): History {
  const tenantId = uuidv7();
  const paths: string[] = [];
  for (const [index, { parent }] of panels.entries()) paths.push(`${paths[parent] ?? ''}${tenantId.slice(-8)}${index}.`);
  const ids = panels.map((_, index) => (index === 0 ? tenantId : uuidv7()));
  const balances = panels.map(() => 0);
  const customers = panels.flatMap((_, panel) =>
    Array.from({ length: CUSTOMERS_PER_PANEL }, (_empty, nth): MadeCustomer => {
      const expiresAtMs = beginsMs + (panel * 7 + nth * 11) * 17 * HOUR_MS;
      return { id: uuidv7(), panel, isTrial: (panel + nth) % 4 === 0, expiresAtMs };
    }),
  );
  const made: Made[] = [];
  let atMs = beginsMs;
  for (const step of steps) {
    atMs += step.afterMs;
    const one =
      step.kind === 'UNDO' ? undo(made, step.panel % panels.length, step.other) : decide(panels, customers, { ...step, kind: step.kind });
    if (one === null || (one.from !== null && (balances[one.from] ?? 0) < one.amount)) continue;
    if (one.from !== null) balances[one.from] = (balances[one.from] ?? 0) - one.amount;
    if (one.to !== null) balances[one.to] = (balances[one.to] ?? 0) + one.amount;
    made.push({ undoes: null, ...one, atMs });
  }
  return { tenantId, ids, paths, made, customers };
}

type Decided = Omit<Made, 'atMs' | 'undoes'> & Partial<Pick<Made, 'undoes'>>;

/** Undoes a spend of the panel that was not undone yet. */
function undo(made: readonly Made[], panel: number, pick: number): Decided | null {
  const gone = new Set(made.map(({ undoes }) => undoes));
  const spent = [...made.keys()].filter((index) => {
    const { from, kind } = made[index] ?? { from: null, kind: 'ISSUE' };
    return from === panel && ['ACTIVATION', 'RENEWAL', 'SCREENS'].includes(kind) && !gone.has(index);
  });
  const undoes = spent[pick % spent.length];
  const spend = undoes === undefined ? undefined : made[undoes];
  if (undoes === undefined || !spend) return null;
  return { kind: 'UNDO', from: null, to: panel, amount: spend.amount, customerId: spend.customerId, undoes };
}

function decide(
  panels: readonly PanelDraft[],
  customers: readonly MadeCustomer[],
  { amount, kind, other, panel: picked }: StepDraft & { readonly kind: Exclude<TransferKind, 'UNDO'> },
): Decided | null {
  const panel = picked % panels.length;
  const parent = panels[panel]?.parent ?? -1;
  const own = customers.filter((customer) => customer.panel === panel);
  const customerId = own[other % own.length]?.id ?? null;
  const above = parent < 0 ? null : parent;
  switch (kind) {
    case 'ISSUE':
      return { kind, from: null, to: panel, amount: amount * 10, customerId: null };
    case 'PURCHASE':
      return { kind, from: other % 2 === 0 ? null : above, to: panel, amount, customerId: null };
    case 'GRANT':
    case 'TRANSFER':
      return above === null ? null : { kind, from: above, to: panel, amount, customerId: null };
    case 'RECLAIM':
    case 'SWEEP':
      return above === null ? null : { kind, from: panel, to: above, amount, customerId: null };
    case 'ACTIVATION':
    case 'RENEWAL':
    case 'SCREENS':
      return { kind, from: panel, to: null, amount, customerId };
    case 'REFUND':
      return { kind, from: null, to: panel, amount, customerId };
    case 'CHARGEBACK':
      return { kind, from: panel, to: other % 2 === 0 ? null : above, amount, customerId: null };
    case 'REVERSAL':
      return { kind, from: other % 2 === 0 ? null : above, to: panel, amount, customerId: null };
  }
}

/** Writes the history as the ledger would have. `sql` must be allowed to write every table. */
export async function writeHistory(sql: Sql, history: History, panels: readonly PanelDraft[]): Promise<void> {
  const { customers, ids, made, paths, tenantId } = history;
  const accounts = ids.map(() => ({ balance: 0, version: 0, atMs: 0 }));
  const entries: object[] = [];
  const transfers = made.map((one) => {
    const id = uuidv7();
    const sides: readonly (readonly [number | null, number])[] = [
      [one.from, -one.amount],
      [one.to, one.amount],
    ];
    for (const [panel, delta] of sides) {
      const account = panel === null ? undefined : accounts[panel];
      if (panel === null || !account) continue;
      account.balance += delta;
      account.version += 1;
      account.atMs = one.atMs;
      entries.push({
        account: ids[panel],
        version: account.version,
        kind: one.kind,
        delta,
        balance: account.balance,
        transfer: id,
        at: one.atMs,
      });
    }
    const [from, to] = [one.from === null ? null : ids[one.from], one.to === null ? null : ids[one.to]];
    return { id, kind: one.kind, from, to, amount: one.amount, customer: one.customerId, at: one.atMs, undoes: one.undoes };
  });
  const undone = transfers.flatMap(({ at, id, to, undoes }) =>
    undoes === null ? [] : [{ spending: transfers[undoes]?.id, undo: id, panel: to, at }],
  );
  const rows = (list: readonly object[]) => JSON.stringify(list);
  const resellers = ids.map((id, index) => {
    const parent = panels[index]?.parent ?? -1;
    return {
      id,
      parent: parent < 0 ? null : ids[parent],
      path: paths[index],
      depth: (paths[index]?.split('.').length ?? 2) - 2,
      ...accounts[index],
    };
  });
  await sql.begin(async (tx) => {
    await tx`INSERT INTO tenant (id, name, created_at) VALUES (${tenantId}, 'History', now())`;
    await tx`INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      SELECT ${tenantId}, id, parent, path, depth, 'Panel', now()
      FROM json_to_recordset(${rows(resellers)}::text::json) AS r (id uuid, parent uuid, path text, depth smallint)`;
    await tx`INSERT INTO account (tenant_id, id, balance, version, changed_at, locked_since)
      SELECT ${tenantId}, id, balance, version, to_timestamp("atMs" / 1000.0), CASE WHEN balance = 0 THEN now() END
      FROM json_to_recordset(${rows(resellers)}::text::json) AS r (id uuid, balance bigint, version bigint, "atMs" bigint)`;
    await tx`INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, created_at, customer_id)
      SELECT ${tenantId}, id, kind, "from", "to", amount, ${tenantId}, to_timestamp(at / 1000.0), customer
      FROM json_to_recordset(${rows(transfers)}::text::json) AS t (id uuid, kind transfer_kind, "from" uuid, "to" uuid, amount bigint, at bigint, customer uuid)`;
    await tx`INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
      SELECT ${tenantId}, account, version, kind, delta, balance, transfer, to_timestamp(at / 1000.0)
      FROM json_to_recordset(${rows(entries)}::text::json)
        AS e (account uuid, version bigint, kind transfer_kind, delta bigint, balance bigint, transfer uuid, at bigint)`;
    await tx`INSERT INTO undone_spending (tenant_id, spending_id, undo_id, reseller_id, undone_at)
      SELECT ${tenantId}, spending, undo, panel, to_timestamp(at / 1000.0)
      FROM json_to_recordset(${rows(undone)}::text::json) AS u (spending uuid, undo uuid, panel uuid, at bigint)`;
    await tx`INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, created_at)
      SELECT ${tenantId}, id, panel, 'Customer', 'customer', 1, 1, trial, to_timestamp(expires / 1000.0), now()
      FROM json_to_recordset(${rows(
        customers.map(({ expiresAtMs, id, isTrial, panel }) => ({ id, panel: ids[panel], trial: isTrial, expires: expiresAtMs })),
      )}::text::json) AS c (id uuid, panel uuid, trial boolean, expires bigint)`;
  });
}
