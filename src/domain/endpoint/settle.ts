/** Records the outcome of an attempt, and its effect on the endpoint (R50). */

import type { Transaction } from '../../db/sql.ts';
import { SYSTEM_ACTOR_ID } from '../../kernel/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { DEFAULT_LANGUAGE, sendMail } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { hostOf } from './endpoint.ts';
import type { DisabledReason } from './events.ts';
import type { Attempt } from './sender.ts';
import { type Due, type HeldTaken, holdTaken, type Taken } from './turn-rows.ts';
import { makeFirstsDue } from './write-deliveries.ts';

/** After this long without a success an endpoint is disabled. */
const FAILING_DAYS = 5;
const GONE = 410;
const FIRST_OK = 200;
const FIRST_NOT_OK = 300;

/** withdrawn: the message was not sent and is deleted; this does not count against the endpoint. */
export type Outcome = 'delivered' | 'failed' | 'died' | 'lost' | 'withdrawn';

interface Settled {
  readonly outcome: Outcome;
  /** Whether the owner should be notified: a delivery was given up, or the endpoint was disabled. */
  readonly isNews: boolean;
}

/** Records the outcome. lost: this process no longer has the endpoint, and the process that has it sends the message again. */
export async function settle(
  ports: Pick<Ports, 'mail' | 'outbox'>,
  tx: Transaction,
  taken: Taken,
  due: Due,
  attempt: Attempt,
  pauseMs: number | null,
): Promise<Settled> {
  const held = await holdTaken(tx, taken);
  if (held === null) return { outcome: 'lost', isNews: false };
  const { tenantId } = taken;
  if (attempt.kind === 'withdrawn') {
    await tx`DELETE FROM webhook_delivery WHERE tenant_id = ${tenantId} AND id = ${due.id} AND due_at IS NOT NULL`;
    return { outcome: 'withdrawn', isNews: false };
  }
  const status = attempt.kind === 'answered' ? attempt.status : null;
  if (status !== null && status >= FIRST_OK && status < FIRST_NOT_OK) {
    await finish(tx, taken, due, { status: 'DELIVERED', code: status, why: null });
    if (held.isFailing) await tx`UPDATE webhook_endpoint SET failing_since = NULL WHERE tenant_id = ${tenantId} AND id = ${taken.id}`;
    return { outcome: 'delivered', isNews: false };
  }
  const why = attempt.kind === 'answered' ? `HTTP_${attempt.status}` : attempt.why;
  if (pauseMs === null) await finish(tx, taken, due, { status: 'DEAD', code: status, why });
  else {
    await tx`
      UPDATE webhook_delivery SET status = 'RETRYING', attempts = attempts + 1, last_status = ${status}, last_error = ${why},
        due_at = statement_timestamp() + ${pauseMs}::float8 * interval '1 millisecond'
      WHERE tenant_id = ${tenantId} AND id = ${due.id} AND due_at IS NOT NULL`;
  }
  const isDisabled = await noteFailure(ports, tx, taken, held, status === GONE);
  return pauseMs === null ? { outcome: 'died', isNews: true } : { outcome: 'failed', isNews: isDisabled };
}

/** Finishes a delivery, and makes the next one of its subject due. */
async function finish(
  tx: Transaction,
  taken: Taken,
  { id, subject }: Due,
  { code, status, why }: { readonly status: 'DELIVERED' | 'DEAD'; readonly code: number | null; readonly why: string | null },
): Promise<void> {
  await tx`
    UPDATE webhook_delivery SET status = ${status}, attempts = attempts + 1, last_status = ${code}, last_error = ${why}, due_at = NULL,
      finished_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${taken.tenantId} AND id = ${id} AND due_at IS NOT NULL`;
  await makeFirstsDue(tx, taken, [subject]);
}

/** Records a failure. Returns whether the endpoint was disabled for it. */
async function noteFailure(
  ports: Pick<Ports, 'mail' | 'outbox'>,
  tx: Transaction,
  taken: Taken,
  held: HeldTaken,
  isGone: boolean,
): Promise<boolean> {
  const { id, tenantId } = taken;
  if (!held.isFailing) {
    await tx`
      UPDATE webhook_endpoint SET failing_since = date_trunc('milliseconds', statement_timestamp()) WHERE tenant_id = ${tenantId} AND id = ${id}`;
  }
  if (!held.isEnabled || (!isGone && held.failingDays < FAILING_DAYS)) return false;
  await disable(ports, tx, taken, held, isGone ? 'GONE' : 'FAILING');
  return true;
}

/** Disables the endpoint. Its owners see the reason in the audit log, and get a mail where mail is set up. Waiting deliveries stay. */
async function disable(
  ports: Pick<Ports, 'mail' | 'outbox'>,
  tx: Transaction,
  { id, tenantId }: Taken,
  { resellerId, url }: HeldTaken,
  reason: DisabledReason,
): Promise<void> {
  await tx`
    UPDATE webhook_endpoint SET disabled_at = date_trunc('milliseconds', statement_timestamp()), disabled_reason = ${reason}
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await recordAudit(tx, {
    ...{ tenantId, resellerId, actorId: SYSTEM_ACTOR_ID, address: null, action: 'WEBHOOK_DISABLED', subject: hostOf(url) },
    changes: [{ field: 'reason', before: null, after: reason }],
  });
  const owners = await tx<{ id: string; email: string }[]>`
    SELECT id, email FROM app_user
    WHERE tenant_id = ${tenantId} AND reseller_id = ${resellerId} AND role = 'OWNER' AND disabled_at IS NULL ORDER BY id`;
  for (const { email, id: userId } of owners) {
    await sendMail(ports, tx, {
      ...{ owner: { tenantId, resellerId, userId }, to: email, language: DEFAULT_LANGUAGE },
      content: { template: 'webhookDisabled', host: hostOf(url), isGone: reason === 'GONE' },
    });
  }
}
