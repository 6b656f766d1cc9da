/** Compares the ledger's tables with the model. */

import assert from 'node:assert/strict';
import type { CustomerPaymentStatus } from '../../src/ledger/outcome.ts';
import { type SpanRow, spansOf, type Tables } from './invariants.ts';
import type { Model } from './model.ts';

const MODELLED = {
  ...{ PENDING: 'OPEN', EXPIRED: 'OPEN', PAID: 'nothing rests in it', PAID_UNFUNDED: 'WAITING' },
  ...{ APPLIED: 'APPLIED', REFUNDED: 'REFUNDED' },
} satisfies Record<CustomerPaymentStatus, string>;

/** Asserts that the tables agree with the model, row by row. `patienceMs` is the largest difference between the two clocks. */
export function expectAgreement(model: Model, { accounts, claims, customers, payments, purchases }: Tables, patienceMs: number): void {
  const { data } = model;
  assert.equal(accounts.length, data.panels.length);
  const account = byId(accounts);
  for (const { balance, debt, id, tenantId, version } of data.panels) {
    const row = account.get(id);
    assert.deepEqual([row?.tenantId, row?.balance, row?.version, row?.debt], [tenantId, balance, version, debt]);
  }
  assert.equal(customers.length, data.customers.length);
  const customer = byId(customers);
  for (const it of data.customers) {
    const { canceled, expiresAtMs, id, nextScreens, panelId, spent, trial } = it;
    const row = customer.get(id);
    assert.deepEqual(
      [row?.resellerId, row?.nextScreens, row?.isTrial, row?.canceled, row?.creditsSpent],
      [panelId, nextScreens, trial, canceled, spent],
    );
    assert(Math.abs((row?.expiresAtMs ?? 0) - expiresAtMs) <= patienceMs, 'when the service ends');
    const [left, modelled] = [row ? merged(spansOf(row), data.nowMs, patienceMs) : [], merged(it.spans, data.nowMs, patienceMs)];
    assert.deepEqual(screensOf(left), screensOf(modelled));
    for (const [index, { endsAtMs }] of left.entries()) {
      assert(Math.abs(endsAtMs - (modelled[index]?.endsAtMs ?? 0)) <= patienceMs, 'when a number of screens ends');
    }
  }
  assert.equal(claims.length, data.claims.length);
  const claim = byId(claims);
  for (const { creditorId, debtorId, id, owed, quantity, won } of data.claims) {
    const row = claim.get(id);
    assert.deepEqual(
      [row?.debtorId, row?.creditorId, row?.quantity, row?.owed, row?.reversedAtMs !== null],
      [debtorId, creditorId, quantity, owed, won],
    );
  }
  assert.equal(payments.length, data.payments.length);
  const payment = byId(payments);
  for (const { id, panelId, reference, renewed, status, turn } of data.payments) {
    const row = payment.get(id);
    const is = row ? MODELLED[row.status] : null;
    assert.deepEqual(
      [row?.resellerId, is, row?.transferId !== null, row?.reference, row?.turn],
      [panelId, status, renewed, reference, turn],
    );
  }
  assert.equal(purchases.length, data.purchases.length);
  const purchase = byId(purchases);
  for (const { chargedBack, id, quantity, reference, status, transferId } of data.purchases) {
    const row = purchase.get(id);
    assert.deepEqual(
      [row?.status, row?.quantity, row?.transferId, row?.reference, row?.chargedBack],
      [status, quantity, transferId, reference, chargedBack],
    );
  }
}

/** Leaves out spans that have ended or are about to, and merges adjacent spans with the same number of screens. */
function merged(spans: readonly SpanRow[], nowMs: number, patienceMs: number): SpanRow[] {
  return spans
    .filter(({ endsAtMs }) => endsAtMs > nowMs + patienceMs)
    .filter(({ screens }, index, left) => left[index + 1]?.screens !== screens);
}

function screensOf(spans: readonly SpanRow[]): number[] {
  return spans.map(({ screens }) => screens);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
