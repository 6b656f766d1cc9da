/** Writes customers, purchases, claims and panels of a batch: everything besides the journal. */

import type { Topology } from '../../db/topology.ts';
import type { AccountState } from '../../kernel/journal.ts';
import { CONTACT_KEY_VERSION, type CustomerDetails } from '../command.ts';
import type { ClaimState, CustomerState, PurchaseState } from '../outcome.ts';
import { kindOf } from '../rules/kinds.ts';
import { debtorsOf } from '../rules/working-state.ts';
import { type Accepted, at, column, type Part, part, type Value } from './part.ts';
import { accessEvents, newAccess } from './write-access.ts';

const customerColumns = () => [
  column('tenant_id', 'uuid'),
  column('id', 'uuid'),
  column('screens', 'smallint'),
  column('later_spans', 'text'),
  column('next_screens', 'smallint'),
  column('is_trial', 'boolean'),
  column('expires_ms', 'bigint'),
  column('canceled_ms', 'bigint'),
  column('credits_spent', 'bigint'),
  column('last_spending_id', 'uuid'),
  column('before_spending', 'text'),
  column('plan_id', 'uuid'),
];

function customerRow(c: CustomerState, planId: string | null): Value[] {
  const laterSpans = c.laterSpans.length === 0 ? null : JSON.stringify(c.laterSpans);
  const before = c.lastSpending?.before ? JSON.stringify(c.lastSpending.before) : null;
  return [
    ...[c.tenantId, c.id, c.screens, laterSpans, c.nextScreens, c.isTrial ? 't' : 'f', c.expiresAtMs, c.canceledAtMs, c.creditsSpent],
    ...[c.lastSpending?.transferId ?? null, before, planId],
  ];
}

/** Writes each customer once, in its state after the last command: new ones are inserted, the others updated. */
export function customerParts(accepted: readonly Accepted[], nowMs: number, topology: Topology): Part[] {
  const final = new Map<string, CustomerState>();
  const details = new Map<string, CustomerDetails>();
  const withAccess = new Set<string>();
  const plans = new Map<string, string>();
  for (const { command, posted } of accepted) {
    if (!posted.customer) continue;
    final.set(posted.customer.id, posted.customer);
    if ('access' in command && command.access) withAccess.add(posted.customer.id);
    if ('planId' in command && command.planId) plans.set(posted.customer.id, command.planId);
    if ('details' in command && command.details) details.set(posted.customer.id, command.details);
  }
  return [
    part(
      'new_customer',
      `inserted_customer AS (
        INSERT INTO customer (tenant_id, id, screens, later_spans, next_screens, is_trial, expires_at, canceled_at, credits_spent,
          last_spending_id, before_spending, plan_id,
          reseller_id, name, contact, contact_key, contact_key_version, notes, search_key, created_at, has_access)
        SELECT tenant_id, id, screens, later_spans::jsonb, next_screens, is_trial, ${at('expires_ms')}, ${at('canceled_ms')}, credits_spent,
          last_spending_id, before_spending::jsonb, plan_id,
          reseller_id, name, contact, contact_key, ${CONTACT_KEY_VERSION}, notes, search_key, ${at('created_ms')}, has_access FROM given)`,
      [
        ...customerColumns(),
        column('reseller_id', 'uuid'),
        column('name', 'text'),
        column('contact', 'text'),
        column('contact_key', 'text'),
        column('notes', 'text'),
        column('search_key', 'text'),
        column('created_ms', 'bigint'),
        column('has_access', 'boolean'),
      ],
      (row) => {
        for (const [id, { contact, contactKey, name, notes, searchKey }] of details) {
          const customer = final.get(id);
          if (!customer) continue;
          const written = [customer.resellerId, name, contact, contactKey, notes, searchKey, customer.createdAtMs];
          row(...customerRow(customer, plans.get(id) ?? null), ...written, withAccess.has(id) ? 't' : 'f');
        }
      },
    ),
    newAccess(accepted),
    accessEvents(accepted, nowMs, topology),
    part(
      'trial',
      `new_trial AS (
        INSERT INTO trial (tenant_id, contact_key, contact_key_version, customer_id, reseller_id, started_at)
        SELECT tenant_id, contact_key, ${CONTACT_KEY_VERSION}, customer_id, reseller_id, ${at('ms')} FROM given)`,
      [
        column('tenant_id', 'uuid'),
        column('contact_key', 'text'),
        column('customer_id', 'uuid'),
        column('reseller_id', 'uuid'),
        column('ms', 'bigint'),
      ],
      (row) => {
        for (const { command, posted } of accepted) {
          if (command.kind !== 'startTrial' || !posted.customer) continue;
          row(command.tenantId, command.details.contactKey, command.customerId, command.scopeId, posted.customer.createdAtMs);
        }
      },
    ),
    part(
      'customer',
      `updated_customer AS (
        UPDATE customer c SET screens = n.screens, later_spans = n.later_spans::jsonb, next_screens = n.next_screens, is_trial = n.is_trial,
          expires_at = ${at('n.expires_ms')}, canceled_at = ${at('n.canceled_ms')}, credits_spent = n.credits_spent,
          last_spending_id = n.last_spending_id, before_spending = n.before_spending::jsonb, plan_id = coalesce(n.plan_id, c.plan_id)
        FROM given n WHERE c.tenant_id = n.tenant_id AND c.id = n.id)`,
      customerColumns(),
      (row) => {
        for (const customer of final.values()) if (!details.has(customer.id)) row(...customerRow(customer, plans.get(customer.id) ?? null));
      },
    ),
  ];
}

/** Writes which spends were undone, and by which undo. */
export function undone(accepted: readonly Accepted[]): Part {
  return part(
    'undone',
    `new_undone AS (
      INSERT INTO undone_spending (tenant_id, spending_id, undo_id, reseller_id, undone_at)
      SELECT tenant_id, spending_id, undo_id, reseller_id, ${at('ms')} FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('spending_id', 'uuid'),
      column('undo_id', 'uuid'),
      column('reseller_id', 'uuid'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command, posted } of accepted) {
        if (command.kind !== 'undoSpending' || command.spending === null || posted.transfer === null) continue;
        row(command.tenantId, command.spending.transferId, command.transferId, command.scopeId, posted.transfer.createdAtMs);
      }
    },
  );
}

/** Writes the audit log, in the same transaction, for commands that change customers or orders and may move no credits. */
export function audited(accepted: readonly Accepted[], nowMs: number): Part {
  return part(
    'audited',
    `logged_change AS (
      INSERT INTO audit_log (tenant_id, id, reseller_id, actor_id, action, subject, changes, address, created_at)
      SELECT g.tenant_id, g.id, g.reseller_id, g.actor_id, g.action, coalesce(g.subject, c.name), g.changes::jsonb, g.address, ${at('g.ms')}
      FROM given g LEFT JOIN customer c ON c.tenant_id = g.tenant_id AND c.id = g.customer_id)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('reseller_id', 'uuid'),
      column('actor_id', 'uuid'),
      column('address', 'text'),
      column('action', 'text'),
      column('customer_id', 'uuid'),
      column('subject', 'text'),
      column('changes', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command, posted } of accepted) {
        const entry = kindOf(command).audit(command, posted);
        if (!entry) continue;
        const { action, address, atMs, changes, customerId, id, subject } = entry;
        const what = [action, customerId, subject, JSON.stringify(changes), atMs ?? nowMs];
        row(command.tenantId, id, command.scopeId, command.actorId, address, ...what);
      }
    },
  );
}

/**
 * Writes each purchase once, in its state after the last command. The database numbers new ones when they are inserted (ADR-0073):
 * in the order of their tenants, so that two batches never wait for each other's counters.
 */
export function purchaseParts(accepted: readonly Accepted[]): Part[] {
  const final = new Map<string, PurchaseState>();
  const created = new Set<string>();
  for (const { command, posted } of accepted) {
    if (!posted.purchase) continue;
    final.set(posted.purchase.id, posted.purchase);
    if (command.kind === 'buyCredits') created.add(posted.purchase.id);
  }
  return [
    part(
      'new_purchase',
      `inserted_purchase AS (
        INSERT INTO purchase (tenant_id, id, buyer_id, seller_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
        SELECT tenant_id, id, buyer_id, seller_id, quantity, total_minor, currency, provider, status, created_by, ${at('created_ms')}, ${at('expires_ms')}
        FROM given ORDER BY tenant_id, id)`,
      [
        column('tenant_id', 'uuid'),
        column('id', 'uuid'),
        column('buyer_id', 'uuid'),
        column('seller_id', 'uuid'),
        column('quantity', 'bigint'),
        column('total_minor', 'bigint'),
        column('currency', 'text'),
        column('provider', 'payment_provider'),
        column('status', 'purchase_status'),
        column('created_by', 'uuid'),
        column('created_ms', 'bigint'),
        column('expires_ms', 'bigint'),
      ],
      (row) => {
        for (const p of final.values()) {
          if (!created.has(p.id)) continue;
          row(
            ...[p.tenantId, p.id, p.buyerId, p.sellerId, p.quantity, p.totalMinor, p.currency, p.provider, p.status],
            ...[p.createdBy, p.createdAtMs, p.expiresAtMs],
          );
        }
      },
    ),
    part(
      'purchase',
      `updated_purchase AS (
        UPDATE purchase p SET status = n.status, settled_at = ${at('n.settled_ms')}, transfer_id = n.transfer_id, reference = n.reference,
          charged_back = n.charged_back, delivered_by = n.delivered_by
        FROM given n WHERE p.tenant_id = n.tenant_id AND p.id = n.id)`,
      [
        column('tenant_id', 'uuid'),
        column('id', 'uuid'),
        column('status', 'purchase_status'),
        column('settled_ms', 'bigint'),
        column('transfer_id', 'uuid'),
        column('reference', 'text'),
        column('charged_back', 'bigint'),
        column('delivered_by', 'uuid'),
      ],
      (row) => {
        for (const p of final.values()) {
          if (created.has(p.id)) continue;
          row(p.tenantId, p.id, p.status, p.settledAtMs, p.transferId, p.reference, p.chargedBack, p.deliveredBy);
        }
      },
    ),
  ];
}

/** Writes each claim once, in its state after the last command: new claims, and claims that were repaid, set off or ended. */
export function claimParts(accepted: readonly Accepted[]): Part[] {
  const final = new Map<string, ClaimState>();
  const created = new Set<string>();
  for (const { command, posted } of accepted) {
    for (const claim of posted.claims) {
      final.set(claim.id, claim);
      if ('transferId' in command && claim.id === command.transferId) created.add(claim.id);
    }
  }
  return [
    part(
      'new_claim',
      `inserted_claim AS (
        INSERT INTO claim (tenant_id, id, purchase_id, dispute, reverses, debtor_id, creditor_id, quantity, owed, set_off, created_at, reversed_at)
        SELECT tenant_id, id, purchase_id, dispute, reverses, debtor_id, creditor_id, quantity, owed, set_off, ${at('created_ms')}, ${at('reversed_ms')}
        FROM given)`,
      [
        column('tenant_id', 'uuid'),
        column('id', 'uuid'),
        column('purchase_id', 'uuid'),
        column('dispute', 'text'),
        column('reverses', 'uuid'),
        column('debtor_id', 'uuid'),
        column('creditor_id', 'uuid'),
        column('quantity', 'bigint'),
        column('owed', 'bigint'),
        column('set_off', 'bigint'),
        column('created_ms', 'bigint'),
        column('reversed_ms', 'bigint'),
      ],
      (row) => {
        for (const c of final.values()) {
          if (!created.has(c.id)) continue;
          row(
            ...[c.tenantId, c.id, c.purchaseId, c.dispute, c.reverses, c.debtorId, c.creditorId],
            ...[c.quantity, c.owed, c.setOff, c.createdAtMs, c.reversedAtMs],
          );
        }
      },
    ),
    part(
      'claim',
      `updated_claim AS (
        UPDATE claim c SET owed = n.owed, set_off = n.set_off, reversed_at = ${at('n.reversed_ms')}
        FROM given n WHERE c.tenant_id = n.tenant_id AND c.id = n.id)`,
      [
        column('tenant_id', 'uuid'),
        column('id', 'uuid'),
        column('owed', 'bigint'),
        column('set_off', 'bigint'),
        column('reversed_ms', 'bigint'),
      ],
      (row) => {
        for (const c of final.values()) if (!created.has(c.id)) row(c.tenantId, c.id, c.owed, c.setOff, c.reversedAtMs);
      },
    ),
  ];
}

/** Suspends panels that now owe credits, and resumes panels that have repaid all, unless an ancestor also suspended them (R29). */
export function debts(accepted: readonly Accepted[], nowMs: number): Part {
  const changed = new Map<string, AccountState>();
  for (const { posted } of accepted) for (const account of debtorsOf(posted)) changed.set(account.id, account);
  return part(
    'debt',
    `updated_debt AS (
      UPDATE reseller r SET in_debt = n.in_debt,
        suspended_at = CASE WHEN n.in_debt THEN coalesce(r.suspended_at, ${at('n.ms')}) WHEN r.suspended_by IS NULL THEN NULL ELSE r.suspended_at END
      FROM given n WHERE r.tenant_id = n.tenant_id AND r.id = n.id AND r.in_debt <> n.in_debt)`,
    [column('tenant_id', 'uuid'), column('id', 'uuid'), column('in_debt', 'boolean'), column('ms', 'bigint')],
    (row) => {
      for (const { debt, id, tenantId } of changed.values()) row(tenantId, id, debt > 0 ? 't' : 'f', nowMs);
    },
  );
}

/**
 * Closes panels (R17): their customers and open customer payments go to the parent, their unpaid orders are canceled, their sessions
 * end, and the audit log records it. The command posts alone: see postsAlone.
 */
export function closed(accepted: readonly Accepted[], nowMs: number): Part {
  return part(
    'closed',
    `closed_reseller AS (
      UPDATE reseller r SET closed_at = ${at('n.ms')} FROM given n WHERE r.tenant_id = n.tenant_id AND r.id = n.id),
    logged_close AS (
      INSERT INTO audit_log (tenant_id, id, reseller_id, actor_id, action, subject, changes, address, created_at)
      SELECT n.tenant_id, n.audit_id, n.id, n.actor_id, 'RESELLER_CLOSED', r.name, '[{"field":"closed","before":"false","after":"true"}]'::jsonb, n.address, ${at('n.ms')}
      FROM given n JOIN reseller r ON r.tenant_id = n.tenant_id AND r.id = n.id),
    ended_session AS (
      DELETE FROM session s USING given n, app_user u
      WHERE u.tenant_id = n.tenant_id AND u.reseller_id = n.id AND s.tenant_id = u.tenant_id AND s.user_id = u.id),
    moved_access AS (
      INSERT INTO access_waiting (tenant_id, customer_id, event, at)
      SELECT n.tenant_id, c.id, 'CUSTOMER_MOVED', ${at('n.ms')}
      FROM given n JOIN customer c ON c.tenant_id = n.tenant_id AND c.reseller_id = n.id WHERE n.parent_id IS NOT NULL),
    handed_customer AS (
      UPDATE customer c SET reseller_id = n.parent_id
      FROM given n WHERE c.tenant_id = n.tenant_id AND c.reseller_id = n.id AND n.parent_id IS NOT NULL),
    handed_payment AS (
      UPDATE customer_payment p SET reseller_id = n.parent_id
      FROM given n WHERE p.tenant_id = n.tenant_id AND p.reseller_id = n.id AND n.parent_id IS NOT NULL
        AND p.status IN ('PENDING', 'EXPIRED', 'PAID_UNFUNDED')),
    inherited_claim AS (
      UPDATE claim c SET creditor_id = n.parent_id
      FROM given n WHERE c.tenant_id = n.tenant_id AND c.creditor_id = n.id AND c.owed > 0 AND c.debtor_id <> n.parent_id),
    ended_purchase AS (
      UPDATE purchase p SET status = 'CANCELED'
      FROM given n WHERE p.tenant_id = n.tenant_id AND p.buyer_id = n.id AND p.status = 'PENDING' AND p.expires_at > ${at('n.ms')})`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('parent_id', 'uuid'),
      column('audit_id', 'uuid'),
      column('actor_id', 'uuid'),
      column('address', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command } of accepted) {
        if (command.kind !== 'closeReseller' || command.panelId === null) continue;
        row(command.tenantId, command.panelId, command.parentId, command.transferId, command.actorId, command.address, nowMs);
      }
    },
  );
}
