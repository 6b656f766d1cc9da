/** A tenant that sends reminders next to a tenant with callers. */

import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openSql, type Sql } from '../src/db/sql.ts';
import { createReminderClock } from '../src/domain/reminder/reminder-clock.ts';
import { type Callers, callersOf } from './callers.ts';
import { openQueue, plant, randomly } from './world.ts';

const LOOK_EVERY_MS = 20;

/**
 * A panel whose customers are all due in the same hour, and another tenant in which callers transfer credits through
 * the same queue.
 */
export interface RemindingWorld {
  /** Makes the reminder rule due, waits until a message is queued for each customer, and returns the seconds this took. */
  remind(): Promise<number>;
  /** Callers that transfer credits in the other tenant. */
  readonly callers: Callers;
  close(): Promise<void>;
}

export async function openRemindingWorld(sql: Sql, url: string, customers: number): Promise<RemindingWorld> {
  const forest = await plant(url, 2);
  const [calling, reminding] = forest.roots;
  if (!calling || !reminding) throw new Error('two tenants were planted');
  const { tenantId } = reminding;
  await plantDue(sql, tenantId, customers);
  const pick = randomly({ ...forest, edges: forest.edges.filter(({ from }) => from.tenantId === calling.tenantId) });
  const queue = openQueue(url);
  const app = openSql(url, { name: 'bench reminders', max: 10, role: 'revenda_app' });
  const clock = createReminderClock({
    ports: { ledger: queue, sql: app, topology: 'single', mail: null, outbox: { write: () => Promise.resolve(), wake() {} } },
    log: pino({ level: 'error' }, process.stderr),
  });
  clock.start();

  return {
    callers: callersOf(queue, pick),
    async remind() {
      await sql.begin(async (tx) => {
        // An autovacuum of earlier rows gives way only after a second.
        await tx`SET LOCAL lock_timeout = 0`;
        await tx`TRUNCATE reminder_message`;
      });
      const startedMs = performance.now();
      await sql`
        UPDATE reminder_rule SET slot = now()::date, hour = extract(hour FROM now()), next_at = now(), done_until = NULL, done_id = NULL
        WHERE tenant_id = ${tenantId}`;
      for (;;) {
        const { count } = await sql`SELECT FROM reminder_rule WHERE tenant_id = ${tenantId} AND next_at > now()`;
        if (count > 0) break;
        await delay(LOOK_EVERY_MS);
      }
      const seconds = (performance.now() - startedMs) / 1000;
      const [made] = await sql<{ messages: number }[]>`SELECT count(*) AS messages FROM reminder_message`;
      if (made?.messages !== customers) throw new Error(`${made?.messages} of ${customers} customers were reminded`);
      return seconds;
    },
    async close() {
      await clock.close();
      await queue.close();
      await app.end();
    },
  };
}

/** Plants the root's customers, whose service ends in three days, and a rule that reminds them on that day. */
async function plantDue(sql: Sql, tenantId: string, customers: number): Promise<void> {
  await sql`UPDATE tenant SET time_zone = 'UTC' WHERE id = ${tenantId}`;
  await sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, created_at)
    SELECT ${tenantId}, gen_random_uuid(), ${tenantId}, 'Customer ' || n, 'customer ' || n, 1, 1, false,
      (now()::date + 3)::timestamptz + n * interval '86400 seconds' / (${customers}::integer + 1), now() - interval '27 days'
    FROM generate_series(1, ${customers}::integer) AS n`;
  await sql`
    INSERT INTO reminder_rule (tenant_id, reseller_id, rule, position, days_from_end, hour, channel, template, next_at)
    VALUES (${tenantId}, ${tenantId}, '-3 QUEUE', 1, -3, 0, 'QUEUE', 'Oi', now() + interval '1 day')`;
  await sql`ANALYZE`;
}
