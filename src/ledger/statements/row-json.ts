/** Rows as the JSON that read-state.ts takes, for what is read seldom. */

/** Milliseconds since 1970 of a timestamptz(3), exactly: what a double loses of the seconds is far below half of one. */
export const ms = (column: string) => `(date_part('epoch', ${column}) * 1000)::bigint`;

/** A claim, named c. */
export const CLAIM = `json_build_object('tenantId', c.tenant_id, 'id', c.id, 'purchaseId', c.purchase_id, 'dispute', c.dispute, 'reverses', c.reverses,
  'debtorId', c.debtor_id, 'creditorId', c.creditor_id, 'quantity', c.quantity, 'owed', c.owed, 'setOff', c.set_off,
  'createdAtMs', ${ms('c.created_at')}, 'reversedAtMs', ${ms('c.reversed_at')})`;

/** A customer, named c. */
export const CUSTOMER = `json_build_object('tenantId', c.tenant_id, 'id', c.id, 'resellerId', c.reseller_id, 'screens', c.screens,
      'laterSpans', coalesce(c.later_spans, '[]'), 'nextScreens', c.next_screens, 'isTrial', c.is_trial, 'expiresAtMs', ${ms('c.expires_at')}, 'canceledAtMs', ${ms('c.canceled_at')},
      'creditsSpent', c.credits_spent, 'createdAtMs', ${ms('c.created_at')},
      'lastSpending', CASE WHEN c.last_spending_id IS NOT NULL THEN json_build_object('transferId', c.last_spending_id, 'before', c.before_spending) END)`;

/** A customer's payment, named p. */
export const CUSTOMER_PAYMENT = `json_build_object('tenantId', p.tenant_id, 'id', p.id, 'resellerId', p.reseller_id, 'customerId', p.customer_id,
  'periods', p.periods, 'screens', p.screens, 'status', p.status, 'paidAtMs', ${ms('p.paid_at')}, 'paidBy', p.paid_by, 'settlementId', p.settlement_id,
  'reference', p.reference, 'turn', p.payment_turn, 'appliedAtMs', ${ms('p.applied_at')}, 'transferId', p.transfer_id)`;
