// Plain assertions: these run millions of times, and vitest's would cost as much as the ledger.
import assert from 'node:assert/strict';
import { PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import type { AccountState, TransferKind, TransferRow } from '../../src/kernel/journal.ts';
import type { ClaimState, CustomerPaymentState, CustomerState, PurchaseState } from '../../src/ledger/outcome.ts';

export interface PanelRow {
  readonly tenantId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  readonly createdAtMs: number;
}

export interface EntryRow {
  readonly tenantId: string;
  readonly accountId: string;
  readonly version: number;
  readonly delta: number;
  readonly balanceAfter: number;
  readonly createdAtMs: number;
  readonly transferId: string;
  readonly kind: TransferKind;
  /** Whether its transfer has no payer. */
  readonly issued: boolean;
  /** Whether its transfer has no other panel. */
  readonly oneSided: boolean;
  readonly customerId: string | null;
  readonly purchaseId: string | null;
}

export function entryOf(account: AccountState, delta: number, transfer: TransferRow): EntryRow {
  const { balance: balanceAfter, id: accountId, tenantId, version } = account;
  const { createdAtMs, customerId, fromId, id: transferId, kind, purchaseId, toId } = transfer;
  return {
    tenantId,
    accountId,
    version,
    delta,
    balanceAfter,
    createdAtMs,
    transferId,
    kind,
    issued: fromId === null,
    oneSided: fromId === null || toId === null,
    customerId,
    purchaseId,
  };
}

export interface CustomerRow
  extends Pick<
    CustomerState,
    'tenantId' | 'id' | 'resellerId' | 'screens' | 'laterSpans' | 'nextScreens' | 'isTrial' | 'expiresAtMs' | 'creditsSpent'
  > {
  readonly canceled: boolean;
}

export interface SpanRow {
  readonly screens: number;
  readonly endsAtMs: number;
}

const PERIOD_MS = 2_592_000_000;

/** Until when each number of screens is paid for. It is computed backwards from the end, as the row stores it. */
export function spansOf({ expiresAtMs, laterSpans, screens }: Pick<CustomerRow, 'expiresAtMs' | 'laterSpans' | 'screens'>): SpanRow[] {
  const spans: SpanRow[] = [];
  let endsAtMs = expiresAtMs;
  for (const span of laterSpans.toReversed()) {
    spans.unshift({ screens: span.screens, endsAtMs });
    endsAtMs -= span.periods * PERIOD_MS;
  }
  return [{ screens, endsAtMs }, ...spans];
}

export type PurchaseRow = Pick<
  PurchaseState,
  'tenantId' | 'id' | 'buyerId' | 'sellerId' | 'quantity' | 'status' | 'transferId' | 'reference' | 'chargedBack' | 'deliveredBy'
>;

export type PaymentRow = Pick<
  CustomerPaymentState,
  'tenantId' | 'id' | 'resellerId' | 'customerId' | 'periods' | 'screens' | 'status' | 'transferId' | 'reference' | 'turn'
>;

/**
 * Everything the ledger has written, in memory or in a database. The entries of an account are in the order of their
 * versions.
 */
export interface Tables {
  readonly panels: readonly PanelRow[];
  readonly accounts: readonly AccountState[];
  readonly entries: readonly EntryRow[];
  readonly customers: readonly CustomerRow[];
  readonly purchases: readonly PurchaseRow[];
  readonly claims: readonly ClaimState[];
  readonly payments: readonly PaymentRow[];
}

/**
 * Checks conservation (R6), no negative balance (R5), lock = (balance 0) (R7), the tree (R16), versions (R33), sums
 * and times.
 */
export function expectSound({ panels, accounts, entries, customers, purchases, claims, payments }: Tables): void {
  expectSoundPayments(payments, entries);
  const byAccount = Map.groupBy(entries, ({ accountId }) => accountId);
  const byId = new Map(panels.map((panel) => [panel.id, panel]));
  assert.equal(accounts.length, panels.length);
  for (const account of accounts) expectSoundAccount(account, byAccount.get(account.id) ?? [], byId.get(account.id));
  for (const id of byAccount.keys()) assert(byId.has(id), 'an entry of no account');
  for (const own of Map.groupBy(accounts, (account) => account.tenantId).values()) {
    assert.equal(
      sum(own, ({ issued }) => issued),
      sum(own, ({ balance, consumed, withdrawn }) => balance + consumed + withdrawn),
      'conservation',
    );
  }
  expectSoundCustomers(customers, entries, byId);
  expectSoundPurchases(purchases, entries);
  expectSoundClaims(claims, accounts, purchases, entries);
  for (const panel of panels) expectSoundPath(panel, panel.parentId === null ? null : byId.get(panel.parentId));
  assert.equal(new Set(panels.map(({ tenantId, path }) => tenantId + path)).size, panels.length, 'paths differ');
}

function sum<Row>(rows: readonly Row[], amount: (row: Row) => number): number {
  return rows.reduce((total, row) => total + amount(row), 0);
}

const SPENDING: readonly TransferKind[] = ['ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO'];

/** A customer's credits spent equal the journal's spends on it; trials cost nothing. */
function expectSoundCustomers(
  customers: readonly CustomerRow[],
  entries: readonly EntryRow[],
  panels: ReadonlyMap<string, PanelRow>,
): void {
  const spent = new Map<string, number>();
  for (const { customerId, delta, kind } of entries) {
    assert.equal(customerId !== null, SPENDING.includes(kind), 'what is spent is spent on a customer');
    if (customerId !== null) spent.set(customerId, (spent.get(customerId) ?? 0) - delta);
  }
  for (const { creditsSpent, id, isTrial, laterSpans, nextScreens, resellerId, screens, tenantId } of customers) {
    assert.equal(creditsSpent, spent.get(id) ?? 0, 'credits spent');
    spent.delete(id);
    assert.equal(panels.get(resellerId)?.tenantId, tenantId);
    const numbers = [screens, ...laterSpans.map((span) => span.screens)];
    assert(
      [nextScreens, ...numbers].every((number) => number >= 1 && number <= 1_000),
      'screens',
    );
    assert(
      numbers.every((number, index) => number !== numbers[index + 1]),
      'spans that differ',
    );
    assert(
      laterSpans.every(({ periods }) => periods >= 1),
      'spans of whole periods',
    );
    assert(creditsSpent >= 0 && (!isTrial || (creditsSpent === 0 && screens === 1 && laterSpans.length === 0)), 'a trial is free');
  }
  assert.equal(spent.size, 0, 'spent on nobody');
}

/** A purchase was posted exactly once if it is paid, and never if it is not (R28). */
function expectSoundPurchases(purchases: readonly PurchaseRow[], entries: readonly EntryRow[]): void {
  const paid = Map.groupBy(
    entries.filter(({ kind }) => kind === 'PURCHASE'),
    ({ purchaseId }) => purchaseId,
  );
  for (const { buyerId, deliveredBy, id, quantity, sellerId, status, transferId } of purchases) {
    const giver = deliveredBy ?? sellerId;
    const own = paid.get(id) ?? [];
    paid.delete(id);
    const isPaid = status === 'PAID' || status === 'CHARGED_BACK';
    assert.equal(isPaid, transferId !== null, 'a paid purchase has a transfer');
    assert.deepEqual(
      own.map(({ accountId, delta, transferId: id }) => [accountId, delta, id]).sort(byDelta),
      isPaid
        ? [...(giver === null || giver === PLATFORM_TENANT_ID ? [] : [[giver, -quantity, transferId]]), [buyerId, quantity, transferId]]
        : [],
      'posted once',
    );
  }
  assert.equal(paid.size, 0, 'a purchase that is not there');
}

/**
 * Nobody has credits for nothing (R29): what was charged back was taken, is owed, or was set off, also where debtor
 * and creditor are the same. Nothing is taken twice.
 */
function expectSoundClaims(
  claims: readonly ClaimState[],
  accounts: readonly AccountState[],
  purchases: readonly PurchaseRow[],
  entries: readonly EntryRow[],
): void {
  const owed = new Map<string, number>();
  const charged = new Map<string, number>();
  const taken = new Map<string, number>();
  for (const { debtorId, id, owed: left, purchaseId, quantity, reversedAtMs, reverses, setOff } of claims) {
    assert(left >= 0 && setOff >= 0 && left + setOff <= quantity, 'a claim is moved, owed or set off');
    assert(reversedAtMs === null || left === 0, 'nothing is owed for a dispute that was won');
    if (debtorId !== null) owed.set(debtorId, (owed.get(debtorId) ?? 0) + left);
    else assert.equal(left, 0, 'the platform owes nothing');
    if (reverses === null && reversedAtMs === null) charged.set(purchaseId, (charged.get(purchaseId) ?? 0) + quantity);
    const kind = reverses === null ? 'CHARGEBACK' : 'REVERSAL';
    taken.set(`${kind} ${purchaseId}`, (taken.get(`${kind} ${purchaseId}`) ?? 0) + quantity - left - setOff);
    assert(reverses === null || claims.some((one) => one.id === reverses && one.reversedAtMs !== null && one.quantity >= quantity), id);
  }
  for (const { debt, id } of accounts) assert.equal(debt, owed.get(id) ?? 0, 'the debt is what is owed');
  for (const { chargedBack, id, quantity, status } of purchases) {
    assert.equal(chargedBack, charged.get(id) ?? 0, 'charged back');
    assert(chargedBack <= quantity && (status === 'CHARGED_BACK') === (chargedBack === quantity), 'all of it, or not');
  }
  const moved = new Map<string, Set<string>>();
  for (const { delta, kind, purchaseId, transferId } of entries) {
    if (kind !== 'CHARGEBACK' && kind !== 'REVERSAL') continue;
    const seen = moved.get(`${kind} ${purchaseId}`) ?? new Set();
    if (!seen.has(transferId)) taken.set(`${kind} ${purchaseId}`, (taken.get(`${kind} ${purchaseId}`) ?? 0) - Math.abs(delta));
    moved.set(`${kind} ${purchaseId}`, seen.add(transferId));
  }
  for (const [of, left] of taken) assert.equal(left, 0, `taken for a claim: ${of}`);
}

function byDelta(one: readonly unknown[], other: readonly unknown[]): number {
  return Number(one[1]) - Number(other[1]);
}

function expectSoundAccount(account: AccountState, entries: readonly EntryRow[], panel: PanelRow | undefined): void {
  const { balance, version, lockedSinceMs, changedAtMs } = account;
  assert(panel);
  assert.equal(account.tenantId, panel.tenantId);
  assert(Number.isSafeInteger(balance) && balance >= 0, 'a balance is a whole number, 0 or more');
  assert.equal(version, entries.length, 'as many versions as entries');
  let [before, earlierMs] = [0, panel.createdAtMs];
  for (const [index, entry] of entries.entries()) {
    assert.equal(entry.tenantId, account.tenantId);
    assert.equal(entry.version, index + 1, 'versions without gaps');
    assert.equal(entry.balanceAfter, before + entry.delta, 'a balance follows from the one before');
    assert(entry.createdAtMs >= earlierMs, 'time goes back');
    [before, earlierMs] = [entry.balanceAfter, entry.createdAtMs];
  }
  assert.equal(balance, before, 'the entries add up to the balance');
  assert.equal(changedAtMs, earlierMs, 'the last change');
  // A locked account changes only by a credit. Either the credit unlocks it, or a debt takes the credit again. So the
  // last change, or the creation, locked it.
  assert.equal(lockedSinceMs, balance === 0 ? earlierMs : null, 'locked since');
  assert(account.debt >= 0 && (account.debt === 0 || balance === 0), 'who owes holds nothing');
  expectSoundTotals(account, entries);
}

/** The running totals equal those of the journal. */
function expectSoundTotals({ consumed, issued, withdrawn }: AccountState, entries: readonly EntryRow[]): void {
  const total = (counts: (entry: EntryRow) => boolean) => sum(entries.filter(counts), ({ delta }) => delta);
  assert.equal(
    issued,
    total(({ kind, issued: fromNobody }) => kind === 'ISSUE' || (kind === 'PURCHASE' && fromNobody)),
    'issued',
  );
  assert.equal(consumed, 0 - total(({ kind }) => SPENDING.includes(kind)), 'consumed');
  assert.equal(withdrawn, 0 - total(({ kind, oneSided }) => oneSided && (kind === 'CHARGEBACK' || kind === 'REVERSAL')), 'withdrawn');
}

function expectSoundPath(panel: PanelRow, parent: PanelRow | null | undefined): void {
  assert(parent !== undefined, 'a parent that is not there');
  assert.equal(parent?.tenantId ?? panel.tenantId, panel.tenantId);
  assert(panel.path.startsWith(parent?.path ?? ''), 'a path begins with that of its parent');
  assert.match(panel.path.slice(parent?.path.length ?? 0), /^[0-9a-z]+\.$/);
  assert.equal(panel.depth, (parent?.depth ?? -1) + 1);
  assert(panel.depth <= 10);
}

/** Every applied payment has exactly one spend, of the paid amount; a payment that is not applied has none (R54). */
function expectSoundPayments(payments: readonly PaymentRow[], entries: readonly EntryRow[]): void {
  const spends = Map.groupBy(entries, ({ transferId }) => transferId);
  for (const { customerId, id, periods, resellerId, screens, status, transferId } of payments) {
    const own = spends.get(id) ?? [];
    // A refund does not change the service.
    const isApplied = status === 'REFUNDED' ? transferId !== null : status === 'APPLIED';
    assert.deepEqual([transferId, own.length], [isApplied ? id : null, isApplied ? 1 : 0]);
    for (const entry of own) {
      assert.deepEqual([entry.accountId, entry.customerId, entry.delta], [resellerId, customerId, -periods * screens]);
    }
  }
}
