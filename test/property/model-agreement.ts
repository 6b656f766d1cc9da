import assert from 'node:assert/strict';
import type { Tables } from './invariants.ts';
import type { Model } from './model.ts';

/** What the ledger wrote is what the model says, row by row. `patienceMs`: how far two clocks may be apart. */
export function expectAgreement(model: Model, { accounts, customers, purchases }: Tables, patienceMs: number): void {
  const { data } = model;
  assert.equal(accounts.length, data.panels.length);
  const account = byId(accounts);
  for (const { balance, debt, id, tenantId, version } of data.panels) {
    const row = account.get(id);
    assert.deepEqual([row?.tenantId, row?.balance, row?.version, row?.debt], [tenantId, balance, version, debt]);
  }
  assert.equal(customers.length, data.customers.length);
  const customer = byId(customers);
  for (const { canceled, expiresAtMs, id, nextScreens, panelId, screens, spent, trial } of data.customers) {
    const row = customer.get(id);
    assert.deepEqual(
      [row?.resellerId, row?.screens, row?.nextScreens, row?.isTrial, row?.canceled, row?.creditsSpent],
      [panelId, screens, nextScreens, trial, canceled, spent],
    );
    assert(Math.abs((row?.expiresAtMs ?? 0) - expiresAtMs) <= patienceMs, 'when the service ends');
  }
  assert.equal(purchases.length, data.purchases.length);
  const purchase = byId(purchases);
  for (const { id, quantity, reference, status, transferId } of data.purchases) {
    const row = purchase.get(id);
    assert.deepEqual([row?.status, row?.quantity, row?.transferId, row?.reference], [status, quantity, transferId, reference]);
  }
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
