/** Builds a posting's second round trip: everything that a batch changed, as one set-based statement. */

import type { Statement } from '../../db/arrays/binary.ts';
import type { Topology } from '../../db/topology.ts';
import type { TransferRow } from '../../kernel/journal.ts';
import type { Posted, PostedStep } from '../outcome.ts';
import { subjectOf } from '../rules/working-state.ts';
import { type Accepted, at, column, type Part, part, type Value } from './part.ts';
import { audited, claimParts, closed, customerParts, debts, purchaseParts, undone } from './write-business.ts';
import { imported } from './write-imported.ts';
import { customerPayments } from './write-payments.ts';
import { type TransactionIdentity, writeForOne, writeForSeveral } from './write-text.ts';

/** Returns the write of a batch, or null when no command was accepted. `nowMs` is the time of the decisions. */
export function planWrite(
  accepted: readonly Accepted[],
  by: TransactionIdentity,
  nowMs: number,
  topology: Topology = 'single',
): Statement | null {
  if (accepted.length === 0) return null;
  const parts = [
    tenants(accepted),
    resellers(accepted),
    users(accepted),
    ...accounts(accepted),
    ...journal(accepted),
    keys(accepted, nowMs),
    ...(accepted.some(({ posted }) => posted.customer !== null) ? customerParts(accepted, nowMs, topology) : []),
    ...(accepted.some(({ posted }) => posted.purchase !== null) ? purchaseParts(accepted) : []),
    ...(accepted.some(({ posted }) => posted.payment !== null) ? [customerPayments(accepted)] : []),
    imported(accepted, nowMs),
    undone(accepted),
    audited(accepted, nowMs),
    ...(accepted.some(({ posted }) => posted.claims.length > 0) ? [...claimParts(accepted), debts(accepted, nowMs)] : []),
    closed(accepted, nowMs),
  ].filter((part) => part.columns[0]?.values.length);
  return topology === 'single' ? writeForSeveral(parts, by) : writeForOne(parts, by, accepted[0]?.command.tenantId ?? '');
}

function tenants(accepted: readonly Accepted[]): Part {
  return part(
    'tenant',
    `new_tenant AS (INSERT INTO tenant (id, name, created_at) SELECT id, name, ${at('ms')} FROM given)`,
    [column('id', 'uuid'), column('name', 'text'), column('ms', 'bigint')],
    (row) => {
      for (const { command, posted } of accepted) {
        if (command.kind === 'createTenant') row(command.tenantId, command.name, posted.reseller?.createdAtMs ?? null);
      }
    },
  );
}

function resellers(accepted: readonly Accepted[]): Part {
  return part(
    'reseller',
    `new_reseller AS (
      INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      SELECT tenant_id, id, parent_id, path, depth, name, ${at('ms')} FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('parent_id', 'uuid'),
      column('path', 'text'),
      column('depth', 'smallint'),
      column('name', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command, posted } of accepted) {
        if (!('owner' in command) || !posted.reseller) continue;
        const { tenantId, id, parentId, path, depth, createdAtMs } = posted.reseller;
        row(tenantId, id, parentId, path, depth, command.name, createdAtMs);
      }
    },
  );
}

function users(accepted: readonly Accepted[]): Part {
  return part(
    'user',
    `new_user AS (
      INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
      SELECT tenant_id, id, reseller_id, email, password_hash, 'OWNER', ${at('ms')} FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('reseller_id', 'uuid'),
      column('email', 'text'),
      column('password_hash', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command, posted } of accepted) {
        if (!('owner' in command) || !posted.reseller) continue;
        const { id, email, passwordHash } = command.owner;
        row(command.tenantId, id, posted.reseller.id, email, passwordHash, posted.reseller.createdAtMs);
      }
    },
  );
}

const accountColumns = () => [
  column('tenant_id', 'uuid'),
  column('id', 'uuid'),
  column('balance', 'bigint'),
  column('version', 'bigint'),
  column('locked_ms', 'bigint'),
  column('reserve_threshold', 'bigint'),
  column('debt', 'bigint'),
  column('issued', 'bigint'),
  column('consumed', 'bigint'),
  column('withdrawn', 'bigint'),
  column('changed_ms', 'bigint'),
];

/** Writes each account once, in its state after the last command: new ones are inserted, the others updated. */
function accounts(accepted: readonly Accepted[]): Part[] {
  const final = new Map<string, NonNullable<Posted['to']>>();
  const created = new Set<string>();
  for (const { posted } of accepted) {
    if (posted.from) final.set(posted.from.id, posted.from);
    if (posted.to) final.set(posted.to.id, posted.to);
    for (const account of posted.others) final.set(account.id, account);
    if (posted.reseller) created.add(posted.reseller.id);
  }
  const rows = (wanted: boolean) => (row: (...values: readonly Value[]) => void) => {
    for (const a of final.values()) {
      if (created.has(a.id) !== wanted) continue;
      row(
        a.tenantId,
        a.id,
        a.balance,
        a.version,
        a.lockedSinceMs,
        a.reserveThreshold,
        a.debt,
        a.issued,
        a.consumed,
        a.withdrawn,
        a.changedAtMs,
      );
    }
  };
  return [
    part(
      'new_account',
      `inserted_account AS (
        INSERT INTO account (tenant_id, id, balance, version, locked_since, reserve_threshold, debt, issued, consumed, withdrawn, changed_at)
        SELECT tenant_id, id, balance, version, ${at('locked_ms')}, reserve_threshold, debt, issued, consumed, withdrawn, ${at('changed_ms')}
        FROM given)`,
      accountColumns(),
      rows(true),
    ),
    part(
      'account',
      `updated_account AS (
        UPDATE account a SET balance = n.balance, version = n.version, locked_since = ${at('n.locked_ms')}, debt = n.debt,
          issued = n.issued, consumed = n.consumed, withdrawn = n.withdrawn, changed_at = ${at('n.changed_ms')}
        FROM given n WHERE a.tenant_id = n.tenant_id AND a.id = n.id)`,
      accountColumns(),
      rows(false),
    ),
  ];
}

/**
 * Writes transfers. A transfer, its one or two entries and usually its key share their columns: SQL derives the entries and the key.
 * Spends and purchases have two more columns. They are a part of their own, so that transfers between panels do not send those.
 */
function journal(accepted: readonly Accepted[]): Part[] {
  return [journalPart(accepted, false), journalPart(accepted, true)];
}

function journalPart(accepted: readonly Accepted[], withSubject: boolean): Part {
  const [name, subjects] = withSubject ? ['spending', ', customer_id, purchase_id'] : ['transfer', ''];
  return part(
    name,
    `new_${name} AS (
      INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, memo, created_at${subjects})
      SELECT tenant_id, id, kind, from_id, to_id, amount, actor_id, memo, ${at('ms')}${subjects} FROM given),
    new_${name}_entry AS (
      INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
      SELECT tenant_id, from_id, from_version, kind, -amount, from_balance, id, ${at('ms')} FROM given WHERE from_id IS NOT NULL
      UNION ALL
      SELECT tenant_id, to_id, to_version, kind, amount, to_balance, id, ${at('ms')} FROM given WHERE to_id IS NOT NULL),
    new_${name}_key AS (
      INSERT INTO command_key (tenant_id, scope_id, key, hash, transfer_id, created_at${withSubject ? ', subject_id' : ''})
      SELECT tenant_id, from_id, key, hash, id, ${at('ms')}${withSubject ? ', customer_id' : ''} FROM given WHERE key IS NOT NULL)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('kind', 'transfer_kind'),
      column('from_id', 'uuid'),
      column('to_id', 'uuid'),
      column('amount', 'bigint'),
      column('actor_id', 'uuid'),
      column('memo', 'text'),
      column('ms', 'bigint'),
      column('from_version', 'bigint'),
      column('from_balance', 'bigint'),
      column('to_version', 'bigint'),
      column('to_balance', 'bigint'),
      column('key', 'text'),
      column('hash', 'bytea'),
      ...(withSubject ? [column('customer_id', 'uuid'), column('purchase_id', 'uuid')] : []),
    ],
    (row) => {
      for (const one of accepted) {
        for (const [index, step] of one.posted.steps.entries()) {
          if (hasSubject(step.transfer) !== withSubject) continue;
          const [key, hash] = index === 0 && hasPayerKey(one) ? [one.command.key, one.command.hash] : [null, null];
          const { customerId, purchaseId } = step.transfer;
          row(...journalRow(step), key, hash, ...(withSubject ? [customerId, purchaseId] : []));
        }
      }
    },
  );
}

function hasSubject({ customerId, purchaseId }: TransferRow): boolean {
  return customerId !== null || purchaseId !== null;
}

function journalRow({ from, to, transfer: t }: PostedStep): Value[] {
  return [
    ...[t.tenantId, t.id, t.kind, t.fromId, t.toId, t.amount, t.actorId, t.memo, t.createdAtMs],
    ...[from?.version ?? null, from?.balance ?? null, to?.version ?? null, to?.balance ?? null],
  ];
}

type OfPayer = Accepted & { readonly command: { readonly key: string; readonly hash: string } };

/** Whether the key belongs to the payer, so that its row can be derived from the transfer. */
function hasPayerKey(one: Accepted): one is OfPayer {
  const { command, posted } = one;
  const { transfer, reseller } = posted;
  const isPayers =
    transfer !== null && reseller === null && transfer.fromId === command.scopeId && transfer.tenantId === command.scopeTenantId;
  return isPayers && command.key !== null;
}

/** Writes the keys that cannot be derived from a transfer. */
function keys(accepted: readonly Accepted[], nowMs: number): Part {
  return part(
    'key',
    `new_key AS (
      INSERT INTO command_key (tenant_id, scope_id, key, hash, transfer_id, subject_id, created_at)
      SELECT tenant_id, scope_id, key, hash, transfer_id, subject_id, ${at('ms')} FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('scope_id', 'uuid'),
      column('key', 'text'),
      column('hash', 'bytea'),
      column('transfer_id', 'uuid'),
      column('subject_id', 'uuid'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const one of accepted) {
        const { command, posted } = one;
        if (command.key === null || hasPayerKey(one)) continue;
        const { transfer, reseller } = posted;
        const createdAtMs = transfer?.createdAtMs ?? reseller?.createdAtMs ?? nowMs;
        const { scopeTenantId, scopeId, key, hash } = command;
        row(scopeTenantId, scopeId, key, hash, transfer?.id ?? null, subjectOf(command, posted), createdAtMs);
      }
    },
  );
}
