/** Reads what all customers of a tenant may use, for a server that starts to follow the feed (R49). */

import { readPages } from '../../db/read-pages.ts';
import { type PaidRow, screensAtMoment } from '../customer/paid-screens.ts';
import type { Ports } from '../ports.ts';

/** The access of one customer. */
export interface AccessState {
  readonly customerId: string;
  /** null if the customer has no credentials yet. */
  readonly login: string | null;
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date;
}

export interface AccessTaker {
  /** Called once, before any customer, with the version of the feed from which to follow. */
  begin(version: number): Promise<void>;
  take(customers: readonly AccessState[]): Promise<void>;
}

/** One row of nulls for a tenant without customers. */
type Row = { readonly version: number; readonly now: Date } & (
  | (PaidRow & { readonly customerId: string; readonly login: string | null; readonly active: boolean })
  | { readonly customerId: null }
);

/** Reads all customers as of one moment, page by page, with the version of the feed. The result includes all events up to that version. */
export async function readAccessState({ reports }: Pick<Ports, 'reports'>, tenantId: string, { begin, take }: AccessTaker): Promise<void> {
  let isBegun = false;
  await readPages<Row>(
    reports,
    (tx) => tx`
      SELECT present.version, present.now, s.*
      FROM (
        SELECT coalesce(max(version), 0) AS version, clock_timestamp() AS now FROM access_event WHERE tenant_id = ${tenantId} OFFSET 0
      ) AS present
      LEFT JOIN LATERAL (
        SELECT c.id AS "customerId", a.login, c.expires_at > present.now AS active, c.screens, c.later_spans AS "laterSpans",
          c.next_screens AS "nextScreens", c.expires_at AS "expiresAt"
        FROM customer c LEFT JOIN customer_access a ON a.tenant_id = c.tenant_id AND a.customer_id = c.id
        WHERE c.tenant_id = ${tenantId} ORDER BY c.id
      ) AS s ON true`,
    async (rows) => {
      const [first] = rows;
      if (first !== undefined && !isBegun) await begin(first.version);
      isBegun = true;
      await take(rows.flatMap((row) => (row.customerId === null ? [] : [{ ...row, screens: screensAtMoment(row, row.now) }])));
    },
  );
}
