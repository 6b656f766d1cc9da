/** The customers of a tenant's export, and their totals. */

import type { Transaction } from '../../db/sql.ts';
import { laterScreens, type PaidRow, paidSpans, screensAtMoment, screensChange } from '../customer/paid-screens.ts';
import type { Table } from './tenant-tables.ts';

const DAY_MS = 86_400_000;

interface CustomerRow extends PaidRow, Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly reseller: string;
  readonly status: 'TRIAL' | 'ACTIVE' | 'EXPIRED' | 'CANCELED';
}

/** Customers by status, the screens of all of them, and the sum of the days left on each screen in service, rounded down. */
export interface CustomerTotals {
  readonly customers: number;
  readonly activeCustomers: number;
  readonly trialCustomers: number;
  readonly canceledCustomers: number;
  readonly expiredCustomers: number;
  readonly screens: number;
  readonly screenDays: number;
}

/** Adds up customers while they are exported. */
export class CustomerSums {
  readonly moment: Date;
  readonly #byStatus = { TRIAL: 0, ACTIVE: 0, EXPIRED: 0, CANCELED: 0 };
  #screens = 0;
  #screenMs = 0n;

  constructor(moment: Date) {
    this.moment = moment;
  }

  add(row: CustomerRow): void {
    this.#byStatus[row.status] += 1;
    this.#screens += screensAtMoment(row, this.moment);
    let fromMs = this.moment.getTime();
    for (const { endsAtMs, screens } of paidSpans(row, this.moment)) {
      this.#screenMs += BigInt(screens) * BigInt(Math.max(0, endsAtMs - fromMs));
      fromMs = endsAtMs;
    }
  }

  totals(): CustomerTotals {
    const { ACTIVE, CANCELED, EXPIRED, TRIAL } = this.#byStatus;
    return {
      customers: ACTIVE + CANCELED + EXPIRED + TRIAL,
      activeCustomers: ACTIVE,
      trialCustomers: TRIAL,
      canceledCustomers: CANCELED,
      expiredCustomers: EXPIRED,
      screens: this.#screens,
      screenDays: Number(this.#screenMs / BigInt(DAY_MS)),
    };
  }
}

/**
 * Reads customers in the order of their creation, and adds them to `sums`. Name, contact, notes and plan are exported for the root
 * panel's own customers only (R18), and no secret is exported (R46).
 */
export function readCustomers(tx: Transaction, tenantId: string, sums: CustomerSums): Table {
  const { moment } = sums;
  return {
    name: 'customers',
    columns: [
      ...['id', 'reseller', 'login', 'name', 'contact', 'notes', 'status', 'screens', 'nextScreens', 'screensChangeAt'],
      ...['expiresAt', 'canceledAt', 'creditsSpent', 'createdAt', 'laterScreens', 'plan', 'muted'],
    ],
    query: tx`
      SELECT customer.id, reseller_id AS reseller, login, screens, later_spans AS "laterSpans", next_screens AS "nextScreens",
        expires_at AS "expiresAt", canceled_at AS "canceledAt", credits_spent AS "creditsSpent", created_at AS "createdAt",
        CASE WHEN expires_at <= ${moment} THEN 'EXPIRED' WHEN canceled_at IS NOT NULL THEN 'CANCELED' WHEN is_trial THEN 'TRIAL'
          ELSE 'ACTIVE' END AS status,
        CASE WHEN reseller_id = tenant_id THEN name END AS name, CASE WHEN reseller_id = tenant_id THEN contact END AS contact,
        CASE WHEN reseller_id = tenant_id THEN notes END AS notes, CASE WHEN reseller_id = tenant_id THEN plan_id END AS plan,
        CASE WHEN reseller_id = tenant_id THEN muted::text END AS muted
      FROM (
        SELECT customer.*, login FROM customer
        LEFT JOIN customer_access ON customer_access.tenant_id = customer.tenant_id AND customer_id = customer.id
        WHERE customer.tenant_id = ${tenantId}
      ) AS customer ORDER BY id`,
    shown(rows) {
      const customers = rows as readonly CustomerRow[];
      for (const row of customers) sums.add(row);
      return customers.map((row) => ({
        ...row,
        screens: screensAtMoment(row, moment),
        screensChangeAt: screensChange(row, moment),
        laterScreens: laterScreens(row, moment),
      }));
    },
  };
}
