// Plain assertions: these run millions of times, and vitest's cost as much as the ledger.
import assert from 'node:assert/strict';
import type { AccountState } from '../../src/kernel/change.ts';

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
  /** Of its transfer: whether that has no payer. */
  readonly issued: boolean;
}

/** Everything the ledger wrote, wherever it was written. Entries of an account stand in the order of their versions. */
export interface Tables {
  readonly panels: readonly PanelRow[];
  readonly accounts: readonly AccountState[];
  readonly entries: readonly EntryRow[];
}

/** Conservation (R6), no negative balance (R5), lock = (balance 0) (R7), the tree (R16), versions (R33), sums and times. */
export function expectSound({ panels, accounts, entries }: Tables): void {
  const byAccount = Map.groupBy(entries, ({ accountId }) => accountId);
  const byId = new Map(panels.map((panel) => [panel.id, panel]));
  assert.equal(accounts.length, panels.length);
  for (const account of accounts) expectSoundAccount(account, byAccount.get(account.id) ?? [], byId.get(account.id));
  for (const id of byAccount.keys()) assert(byId.has(id), 'an entry of no account');
  for (const [tenantId, own] of Map.groupBy(accounts, (account) => account.tenantId)) {
    const sum = (amount: (account: AccountState) => number) => own.reduce((total, account) => total + amount(account), 0);
    const issued = sum((account) => account.issued);
    assert.equal(
      issued,
      sum(({ balance, consumed, withdrawn }) => balance + consumed + withdrawn),
      'conservation',
    );
    const issues = entries.filter((entry) => entry.tenantId === tenantId && entry.issued);
    assert.equal(
      issued,
      issues.reduce((total, { delta }) => total + delta, 0),
      'issued',
    );
  }
  for (const panel of panels) expectSoundPath(panel, panel.parentId === null ? null : byId.get(panel.parentId));
  assert.equal(new Set(panels.map(({ tenantId, path }) => tenantId + path)).size, panels.length, 'paths differ');
}

function expectSoundAccount(account: AccountState, entries: readonly EntryRow[], panel: PanelRow | undefined): void {
  const { balance, version, lockedSinceMs, changedAtMs } = account;
  assert(panel);
  assert(Number.isSafeInteger(balance) && balance >= 0, `a balance of ${balance}`);
  assert.equal(version, entries.length, 'every version has its entry');
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
  // A locked account changes only by a credit that unlocks it: its last change, or its making, locked it.
  assert.equal(lockedSinceMs, balance === 0 ? earlierMs : null, 'locked since');
}

function expectSoundPath(panel: PanelRow, parent: PanelRow | null | undefined): void {
  assert(parent !== undefined, 'a parent that is not there');
  assert.equal(parent?.tenantId ?? panel.tenantId, panel.tenantId);
  assert(panel.path.startsWith(parent?.path ?? ''), 'a path begins with that of its parent');
  assert.match(panel.path.slice(parent?.path.length ?? 0), /^[0-9a-z]+\.$/);
  assert.equal(panel.depth, (parent?.depth ?? -1) + 1);
  assert(panel.depth <= 10);
}
