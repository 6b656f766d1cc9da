/** Removes old messages, sent or not. */

import type { Ports } from '../ports.ts';

/** A rule goes forward day by day, so that a message that is gone is not made again. */
const KEPT_DAYS = 60;
/** Rows of one statement, and statements of one sweep. */
const BATCH_ROWS = 1_000;
const BATCHES = 20;

export async function sweepMessages({ sql }: Pick<Ports, 'sql'>): Promise<void> {
  for (let batch = 0, rows = BATCH_ROWS; batch < BATCHES && rows === BATCH_ROWS; batch += 1) {
    const old = await sql`
      DELETE FROM reminder_message WHERE (tenant_id, customer_id, rule, expires_at) IN (
        SELECT tenant_id, customer_id, rule, expires_at FROM reminder_message
        WHERE due_at < now() - ${KEPT_DAYS}::integer * interval '1 day' ORDER BY due_at LIMIT ${BATCH_ROWS})`;
    rows = old.count;
  }
}
