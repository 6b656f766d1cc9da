/** Reads the answers of the first round trip into the state on which a batch is decided. */

import { readArray } from '../../db/arrays/literal.ts';
import { PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import type { BranchCounts, LimitedPanel } from '../../kernel/limits.ts';
import { LEDGER_POLICY_FIELDS, policyColumn, readLedgerPolicy } from '../../kernel/policy.ts';
import type { Command } from '../command.ts';
import type { ClaimState, CustomerPaymentState, CustomerState, PurchaseState } from '../outcome.ts';
import { namesOf } from '../rules/footprint.ts';
import type { PanelCounts, Payment } from '../rules/state.ts';
import { WorkingState } from '../rules/working-state.ts';
import { emailsOf, isByPlatform, type KeyedCommand, keyedOf, type LockPlan } from './lock.ts';

export type LockRow = Readonly<Record<string, string | number | null>>;

export interface LockAnswers extends Pick<LockPlan, 'tenantIds' | 'actorTenantIds'> {
  readonly platformRows: LockRow | null;
  readonly names: LockRow | null;
  readonly tenants: LockRow | null;
  readonly accounts: LockRow;
  readonly lookUp: LockRow;
  readonly rare: LockRow | null;
  /** The row with the labels; on a single database, that of `rare`. */
  readonly labels: LockRow | null;
  readonly customers: LockRow | null;
  readonly orders: LockRow | null;
  readonly branches: LockRow | null;
}

/** Returns the state on which the batch is decided. */
export function readState(commands: readonly Command[], answers: LockAnswers): WorkingState {
  const labels = answers.labels ? readColumn(answers.labels, 'labels').map((label) => Number(label).toString(36)) : [];
  const state = new WorkingState(Number(answers.lookUp.now), labels);
  readAccounts(state, answers.accounts, answers.tenantIds);
  readPanels(state, answers.lookUp, answers.tenantIds);
  readActors(state, answers.lookUp, answers.actorTenantIds);
  readKeys(state, keyedOf(commands), answers.lookUp);
  if (answers.platformRows) readPlatformRows(state, commands.filter(isByPlatform), answers.platformRows);
  readPolicies(state, answers.lookUp);
  for (const claim of readJson<ClaimState>(answers.lookUp, 'debts')) state.putClaim(claim);
  readWaiting(state, answers.lookUp);
  if (answers.names) readNames(state, commands, answers.names);
  if (answers.tenants) for (const tenantId of readColumn(answers.tenants, 'id')) state.putTree(String(tenantId));
  if (answers.rare) readRare(state, commands, answers.rare);
  if (answers.customers) readCustomers(state, answers.customers);
  if (answers.orders) readOrders(state, answers.orders);
  if (answers.branches) {
    for (const { id, ...counts } of readJson<{ id: string } & BranchCounts>(answers.branches, 'branches'))
      state.putBranchCounts(id, counts);
  }
  return state;
}

/** Reads a list that Postgres made as JSON: for rows that may contain any text and are read seldom. */
function readJson<Row>(row: LockRow, name: string): Row[] {
  const value = row[name];
  return typeof value === 'string' ? JSON.parse(value) : [];
}

function readCustomers(state: WorkingState, row: LockRow): void {
  for (const customer of readJson<CustomerState>(row, 'customers')) state.putCustomer(customer);
  for (const { contactKey, tenantId } of readJson<{ tenantId: string; contactKey: string }>(row, 'trials'))
    state.putTrial(tenantId, contactKey);
  for (const { contactKey, tenantId } of readJson<{ tenantId: string; contactKey: string }>(row, 'activated'))
    state.putActivated(tenantId, contactKey);
  for (const { login, tenantId } of readJson<{ tenantId: string; login: string }>(row, 'logins')) state.putLogin(tenantId, login);
  readCounts(state, row);
}

function readOrders(state: WorkingState, row: LockRow): void {
  for (const purchase of readJson<PurchaseState>(row, 'purchases')) state.putPurchase(purchase);
  for (const { purchaseId, ...payment } of readJson<Payment & { purchaseId: string }>(row, 'payments'))
    state.putPayment(payment, purchaseId);
  for (const claim of readJson<ClaimState>(row, 'claims')) state.putClaim(claim);
  for (const payment of readJson<CustomerPaymentState>(row, 'customer_payments')) {
    // Waiting payments were read before, in their order.
    if (payment.status !== 'PAID_UNFUNDED') state.putCustomerPayment(payment);
  }
  readCounts(state, row);
}

/** Reads waiting payments, which are in order, each with its customer. */
function readWaiting(state: WorkingState, row: LockRow): void {
  for (const { customer, payment } of readJson<{ payment: CustomerPaymentState; customer: CustomerState }>(row, 'waiting')) {
    state.putCustomer(customer);
    state.putCustomerPayment(payment);
  }
}

function readCounts(state: WorkingState, row: LockRow): void {
  for (const { id, ...counts } of readJson<{ id: string } & Partial<PanelCounts>>(row, 'counts')) {
    state.putCounts(id, { ...state.counts(id), ...counts });
  }
}

function readPolicies(state: WorkingState, row: LockRow): void {
  const columns = new Map(LEDGER_POLICY_FIELDS.map((field) => [field, readColumn(row, `policy_${policyColumn(field)}`)]));
  readColumn(row, 'policy_tenant').forEach((tenantId, index) => {
    state.putPolicy(
      String(tenantId),
      readLedgerPolicy((field) => String(columns.get(field)?.[index])),
    );
  });
}

/**
 * Reads a column that was aggregated into one text: see `list` in lock-texts.ts. No rows and one empty value look the same, so rows
 * are counted by the column of ids.
 */
function readList(row: LockRow, name: string): string[] {
  const value = row[name];
  return typeof value === 'string' ? value.split(',') : [];
}

function tenantAt(tenantIds: readonly string[], position: string | undefined): string {
  const tenantId = tenantIds[Number(position) - 1];
  if (tenantId === undefined) throw new Error('the database returned a row of a tenant that was not requested');
  return tenantId;
}

function readColumn(row: LockRow, name: string): (string | null)[] {
  const value = row[name];
  return readArray(typeof value === 'string' ? value : null);
}

function readAccounts(state: WorkingState, row: LockRow, tenantIds: readonly string[]): void {
  const column = (name: string) => readList(row, name);
  const [tenants, balances, versions, lockedSince] = [column('tenant'), column('balance'), column('version'), column('locked_since')];
  const [thresholds, debts, issued] = [column('reserve_threshold'), column('debt'), column('issued')];
  const [consumed, withdrawn, changed] = [column('consumed'), column('withdrawn'), column('changed_at')];
  column('id').forEach((id, index) => {
    state.putAccount({
      tenantId: tenantAt(tenantIds, tenants[index]),
      id,
      balance: Number(balances[index]),
      version: Number(versions[index]),
      lockedSinceMs: lockedSince[index] ? Number(lockedSince[index]) : null,
      reserveThreshold: Number(thresholds[index]),
      debt: Number(debts[index]),
      issued: Number(issued[index]),
      consumed: Number(consumed[index]),
      withdrawn: Number(withdrawn[index]),
      changedAtMs: Number(changed[index]),
    });
  });
}

const NONE: readonly LimitedPanel[] = [];

/** Reads one panel as `limits` in lock-texts.ts writes it. */
function limitedPanel(text: string): LimitedPanel {
  const [id = '', may, ...most] = text.split(':');
  const [maxResellers = null, maxCustomers = null, maxTrialsPerDay = null, maxScreensPerCustomer = null] = most.map((one) =>
    one === '' ? null : Number(one),
  );
  return { id, mayCreateResellers: may === 't', maxResellers, maxCustomers, maxTrialsPerDay, maxScreensPerCustomer };
}

function readPanels(state: WorkingState, row: LockRow, tenantIds: readonly string[]): void {
  const column = (name: string) => readList(row, `panel_${name}`);
  const [tenants, parents, paths, depths] = [column('tenant'), column('parent'), column('path'), column('depth')];
  const [closed, suspended, keeps, limits] = [column('closed'), column('holds'), column('keep'), column('limits')];
  column('id').forEach((id, index) => {
    const holds = suspended[index]?.split('+').filter((hold) => hold !== '') ?? [];
    const panel = {
      tenantId: tenantAt(tenantIds, tenants[index]),
      id,
      parentId: parents[index] || null,
      path: String(paths[index]),
      depth: Number(depths[index]),
      closed: closed[index] === 'true',
      keepsReserve: keeps[index] === 'true',
      limits: limits[index] ? limits[index].split('+').map(limitedPanel) : NONE,
      suspended: holds.length > 0,
    };
    state.putPanel(panel, holds);
  });
}

function readActors(state: WorkingState, row: LockRow, tenantIds: readonly string[]): void {
  const column = (name: string) => readList(row, `actor_${name}`);
  const [tenants, resellers, roles, disabled] = [column('tenant'), column('reseller'), column('role'), column('disabled')];
  column('id').forEach((id, index) => {
    state.putActor({
      tenantId: tenantAt(tenantIds, tenants[index]),
      id,
      resellerId: resellers[index] || null,
      role: roles[index] as Role,
      disabled: disabled[index] === 'true',
    });
  });
}

function readPlatformRows(state: WorkingState, commands: readonly Command[], row: LockRow): void {
  readActors(state, row, [PLATFORM_TENANT_ID]);
  readKeys(state, keyedOf(commands), row);
}

function readKeys(state: WorkingState, commands: readonly KeyedCommand[], row: LockRow): void {
  const column = (name: string) => readColumn(row, `key_${name}`);
  const [hashes, transfers, subjects] = [column('hash'), column('transfer'), column('subject')];
  column('position').forEach((position, index) => {
    const command = commands[Number(position) - 1];
    if (!command) throw new Error('the database returned an idempotency key that was not requested');
    state.putKey(command.scopeTenantId, command.scopeId, command.key, {
      hash: String(hashes[index]),
      transferId: transfers[index] ?? null,
      subjectId: subjects[index] ?? null,
    });
  });
}

function readNames(state: WorkingState, commands: readonly Command[], row: LockRow): void {
  const missed = readColumn(row, 'missed');
  if (missed.length === 0) return;
  const names = commands.flatMap(namesOf);
  for (const position of missed) state.putMissedName(String(names[Number(position) - 1]));
}

function readRare(state: WorkingState, commands: readonly Command[], row: LockRow): void {
  const emails = emailsOf(commands);
  for (const position of readColumn(row, 'taken')) state.putEmail(String(emails[Number(position) - 1]));
  const issued = readColumn(row, 'issued');
  readColumn(row, 'tenant').forEach((tenantId, index) => {
    state.putIssued(String(tenantId), Number(issued[index]));
  });
}
