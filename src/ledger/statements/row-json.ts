/** The SQL that makes rows JSON for read-state.ts, for tables that are read seldom. */

/** The exact milliseconds since 1970 of a timestamptz(3): a double's rounding error is far below half a millisecond. */
export const ms = (column: string) => `(date_part('epoch', ${column}) * 1000)::bigint`;

/** A claim; its table must have the alias c. */
export const CLAIM = `json_build_object('tenantId', c.tenant_id, 'id', c.id, 'purchaseId', c.purchase_id, 'dispute', c.dispute, 'reverses', c.reverses,
  'debtorId', c.debtor_id, 'creditorId', c.creditor_id, 'quantity', c.quantity, 'owed', c.owed, 'setOff', c.set_off,
  'createdAtMs', ${ms('c.created_at')}, 'reversedAtMs', ${ms('c.reversed_at')})`;

/** A customer; its table must have the alias c. */
export const CUSTOMER = `json_build_object('tenantId', c.tenant_id, 'id', c.id, 'resellerId', c.reseller_id, 'screens', c.screens,
      'laterSpans', coalesce(c.later_spans, '[]'), 'nextScreens', c.next_screens, 'isTrial', c.is_trial, 'expiresAtMs', ${ms('c.expires_at')}, 'canceledAtMs', ${ms('c.canceled_at')},
      'creditsSpent', c.credits_spent, 'createdAtMs', ${ms('c.created_at')},
      'lastSpending', CASE WHEN c.last_spending_id IS NOT NULL THEN json_build_object('transferId', c.last_spending_id, 'before', c.before_spending) END)`;

/** A customer payment; its table must have the alias p. */
export const CUSTOMER_PAYMENT = `json_build_object('tenantId', p.tenant_id, 'id', p.id, 'resellerId', p.reseller_id, 'customerId', p.customer_id,
  'periods', p.periods, 'screens', p.screens, 'status', p.status, 'paidAtMs', ${ms('p.paid_at')}, 'paidBy', p.paid_by, 'settlementId', p.settlement_id,
  'reference', p.reference, 'turn', p.payment_turn, 'appliedAtMs', ${ms('p.applied_at')}, 'transferId', p.transfer_id)`;
