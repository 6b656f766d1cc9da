/** Makes the messages that are due, rule by rule and page by page, in whichever process comes first (R58, ADR-0104). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Transaction } from '../../db/sql.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { lateAfter } from './late.ts';

/**
 * A rule whose `next_at` is in the past is in one of these states:
 *
 * | state | what happens |
 * |---|---|
 * | its panel is closed | the rule is deleted |
 * | it has no day, or its day is more than six hours late | it moves to the next day that is not late |
 * | its day has yet to come, for example after a change of the time zone | it waits until then |
 * | its panel is suspended | it is checked again in some minutes: a panel that cannot renew sends no reminders |
 * | its day has come | it handles its customers page by page; then it moves to the next day |
 *
 * A rule for trials has no days: each check covers the trials whose moment came since the previous check.
 */
interface Claimed {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly rule: string;
  readonly channel: string;
  readonly isForTrials: boolean;
  /** The hour of its day as a moment. null if it has no day, or is for trials. */
  readonly at: Date | null;
  /** It makes messages for all services that end from this moment … */
  readonly begins: Date | null;
  /** … until this moment, which is excluded. */
  readonly ends: Date | null;
  readonly doneUntil: Date | null;
  readonly doneId: string | null;
  readonly isClosed: boolean;
  readonly isSuspended: boolean;
  readonly isLate: boolean;
  readonly isYetToCome: boolean;
}

/** The most customers that are checked in one step. */
const PAGE_ROWS = 500;
/** The most rules in one transaction, if each has few customers. */
const MAX_RULES = 20;
/** How often rules for trials, and rules of suspended panels, are checked. */
const RECHECK_MINUTES = 5;

/** Runs one transaction of bounded length if anything is due. Returns whether there may be more to do at once. */
export async function makeMessages(ports: Pick<Ports, 'sql' | 'topology'>): Promise<boolean> {
  const { sql } = ports;
  if (ports.topology === 'single') return (await isAnythingDue(ports)) && makeIn(ports, null);
  const tenants = await sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM reminder_rule WHERE next_at <= statement_timestamp() GROUP BY tenant_id ORDER BY min(next_at) LIMIT ${MAX_RULES}`;
  let isMore = false;
  for (const { tenantId } of tenants) isMore = (await makeIn(ports, tenantId)) || isMore;
  return isMore;
}

async function makeIn(ports: Pick<Ports, 'sql'>, tenantId: string | null): Promise<boolean> {
  const { isMore } = await transact(ports, async (tx) => {
    let rows = 0;
    for (let rules = 0; rules < MAX_RULES && rows < PAGE_ROWS; rules += 1) {
      const claimed = await claim(tx, tenantId);
      if (claimed === null) return { isMore: false };
      rows += await work(tx, claimed);
    }
    return { isMore: true };
  });
  return isMore;
}

/** One look-up in one index, once a second in every process. It does not depend on how many rules wait for a later time. */
async function isAnythingDue({ sql }: Pick<Ports, 'sql'>): Promise<boolean> {
  const { count } = await sql`SELECT FROM reminder_rule WHERE next_at <= statement_timestamp() LIMIT 1`;
  return count > 0;
}

/** Locks and returns the rule that has waited longest. A rule that another process has locked is skipped. */
async function claim(tx: Transaction, tenantId: string | null): Promise<Claimed | null> {
  const [claimed] = await tx<Claimed[]>`
    SELECT r.tenant_id AS "tenantId", r.reseller_id AS "resellerId", r.rule, r.channel, r.trial_hours IS NOT NULL AS "isForTrials",
      r.done_until AS "doneUntil", r.done_id AS "doneId", p.closed_at IS NOT NULL AS "isClosed",
      EXISTS (
        SELECT FROM reseller s
        WHERE s.tenant_id = ${tenantOr(tx, tenantId, 'p.tenant_id')} AND s.suspended_at IS NOT NULL AND s.path <= p.path AND starts_with(p.path, s.path)
      ) AS "isSuspended",
      day.at, coalesce(day.at <= clock_timestamp() - ${lateAfter(tx)}, r.trial_hours IS NULL) AS "isLate",
      coalesce(day.at > clock_timestamp(), false) AS "isYetToCome",
      CASE WHEN r.trial_hours IS NULL THEN (r.slot - r.days_from_end)::timestamp AT TIME ZONE t.time_zone
        ELSE clock_timestamp() - make_interval(hours => r.trial_hours) - ${lateAfter(tx)} END AS begins,
      CASE WHEN r.trial_hours IS NULL THEN (r.slot - r.days_from_end + 1)::timestamp AT TIME ZONE t.time_zone
        ELSE clock_timestamp() - make_interval(hours => r.trial_hours) END AS ends
    FROM reminder_rule r
    JOIN tenant t ON t.id = r.tenant_id
    JOIN reseller p ON p.tenant_id = r.tenant_id AND p.id = r.reseller_id
    CROSS JOIN LATERAL (SELECT CASE WHEN r.trial_hours IS NULL THEN reminder_at(r.slot, r.hour, t.time_zone) END AS at) AS day
    WHERE ${isOf(tx, tenantId, 'r.tenant_id')} AND r.next_at <= statement_timestamp() ORDER BY r.next_at LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED`;
  return claimed ?? null;
}

/** Returns how many customers were checked. */
async function work(tx: Transaction, claimed: Claimed): Promise<number> {
  const { at, ends, isClosed, isForTrials, isLate, isSuspended, isYetToCome } = claimed;
  if (isClosed) {
    await tx`DELETE FROM reminder_rule WHERE ${ruleIs(tx, claimed)}`;
  } else if (isLate) {
    await nextDay(tx, claimed);
  } else if (isYetToCome) {
    await tx`UPDATE reminder_rule SET next_at = ${at} WHERE ${ruleIs(tx, claimed)}`;
  } else if (isSuspended) {
    await recheckLater(tx, claimed, claimed.doneUntil, claimed.doneId);
  } else {
    const { lastEnd, lastId, rows } = await makeSome(tx, claimed);
    // `next_at` is now, so other rules that are due come first.
    if (rows === PAGE_ROWS) {
      await tx`
        UPDATE reminder_rule SET done_until = ${lastEnd}, done_id = ${lastId}, next_at = statement_timestamp() WHERE ${ruleIs(tx, claimed)}`;
    } else if (isForTrials) {
      await recheckLater(tx, claimed, ends, null);
    } else {
      await nextDay(tx, claimed);
    }
    return rows;
  }
  return 0;
}

async function nextDay(tx: Transaction, claimed: Claimed): Promise<void> {
  await tx`
    WITH next AS MATERIALIZED (
      SELECT day.slot, reminder_at(day.slot, o.hour, t.time_zone) AS at FROM reminder_rule o JOIN tenant t ON t.id = ${claimed.tenantId}
      CROSS JOIN LATERAL (SELECT reminder_slot(o.slot, o.hour, t.time_zone, clock_timestamp()) AS slot) AS day
      WHERE ${ruleIs(tx, claimed, 'o')}
    )
    UPDATE reminder_rule r SET slot = next.slot, next_at = next.at, done_until = NULL, done_id = NULL
    FROM next WHERE ${ruleIs(tx, claimed, 'r')}`;
}

async function recheckLater(tx: Transaction, claimed: Claimed, doneUntil: Date | null, doneId: string | null): Promise<void> {
  await tx`
    UPDATE reminder_rule SET next_at = statement_timestamp() + ${RECHECK_MINUTES}::integer * interval '1 minute',
      done_until = ${doneUntil}, done_id = ${doneId} WHERE ${ruleIs(tx, claimed)}`;
}

function ruleIs(tx: Transaction, { resellerId, rule, tenantId }: Claimed, table = 'reminder_rule') {
  const of = tx(table);
  return tx`${of}.tenant_id = ${tenantId} AND ${of}.reseller_id = ${resellerId} AND ${of}.rule = ${rule}`;
}

interface Made {
  readonly rows: number;
  readonly lastEnd: Date | null;
  readonly lastId: string | null;
}

/**
 * This statement decides for each customer by the database's clock. The customer has not been renewed (that would change its end), is
 * not muted and has not canceled, and the message is not late. A customer created after the message was due gets none.
 */
async function makeSome(tx: Transaction, claimed: Claimed): Promise<Made> {
  const { at, begins, channel, doneId, doneUntil, ends, isForTrials, resellerId, rule, tenantId } = claimed;
  const [made] = await tx<Made[]>`
    WITH checked AS MATERIALIZED (
      SELECT c.id, c.expires_at, c.created_at, c.is_trial, c.muted, c.canceled_at,
        CASE WHEN r.trial_hours IS NULL THEN ${at} ELSE c.expires_at + make_interval(hours => r.trial_hours) END AS due_at
      FROM reminder_rule r JOIN customer c ON c.tenant_id = r.tenant_id AND c.reseller_id = r.reseller_id
      WHERE ${ruleIs(tx, claimed, 'r')} AND c.expires_at >= greatest(${begins}::timestamptz, ${doneUntil}::timestamptz)
        AND c.expires_at < ${ends}::timestamptz
        AND (${doneUntil}::timestamptz IS NULL OR (c.expires_at, c.id) > (${doneUntil}::timestamptz, ${doneId ?? NIL_UUID}::uuid))
      ORDER BY c.expires_at, c.id LIMIT ${PAGE_ROWS}
    ), made AS (
      INSERT INTO reminder_message (tenant_id, customer_id, rule, expires_at, reseller_id, channel, due_at)
      SELECT ${tenantId}, id, ${rule}, expires_at, ${resellerId}, ${channel}, due_at FROM checked
      WHERE is_trial = ${isForTrials} AND NOT muted AND canceled_at IS NULL AND due_at > statement_timestamp() - ${lateAfter(tx)}
        AND created_at <= due_at
      ON CONFLICT DO NOTHING
    )
    SELECT (count(*) OVER ())::integer AS rows, expires_at AS "lastEnd", id AS "lastId" FROM checked ORDER BY expires_at DESC, id DESC LIMIT 1`;
  return made ?? { rows: 0, lastEnd: null, lastId: null };
}
