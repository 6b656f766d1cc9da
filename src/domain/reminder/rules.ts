/** Reads reminder rules, and the state of the channels (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';
import { takesReminders } from '../endpoint/takes-reminders.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';

/**
 * How a reminder is sent. QUEUE: a person sends it from the day's list. EMAIL: to a contact that is an e-mail address. WEBHOOK: to
 * the panel's endpoints.
 */
export const REMINDER_CHANNELS = ['QUEUE', 'EMAIL', 'WEBHOOK'] as const;

export type ReminderChannel = (typeof REMINDER_CHANNELS)[number];

export interface ReminderRule {
  /** Days after the end of a paid term, or before it if negative, in the tenant's time zone. 0 in a rule for trials. */
  readonly daysFromEnd: number;
  /** In a rule for trials: hours after the end, or before it if negative. null in a rule for paid terms. */
  readonly trialHours: number | null;
  /** The hour of that day, in the tenant's time zone. 0 in a rule for trials. */
  readonly hour: number;
  readonly channel: ReminderChannel;
  readonly template: string;
}

/** A rule is identified by its moment and channel. If its hour or text changes, it is still the same rule, and reminds nobody again. */
export function ruleName({ channel, daysFromEnd, trialHours }: Pick<ReminderRule, 'channel' | 'daysFromEnd' | 'trialHours'>): string {
  return `${trialHours === null ? `D${daysFromEnd}` : `T${trialHours}`} ${channel}`;
}

/** A panel's own rules, in its order. */
export async function reminderRules(sql: Sql | Transaction, { id, tenantId }: RowId): Promise<ReminderRule[]> {
  return await sql<ReminderRule[]>`
    SELECT days_from_end AS "daysFromEnd", trial_hours AS "trialHours", hour, channel, template
    FROM reminder_rule WHERE tenant_id = ${tenantId} AND reseller_id = ${id} ORDER BY position`;
}

/** Call this when the tenant's time zone changes: the days begin at other times, so every rule is checked again. */
export async function zoneChanged(tx: Transaction, tenantId: string): Promise<void> {
  await tx`UPDATE reminder_rule SET next_at = statement_timestamp() WHERE tenant_id = ${tenantId}`;
}

/** The reason why a channel cannot send now. */
export type ChannelProblem = 'NO_MAIL' | 'NO_ENDPOINT';

export interface ChannelState {
  readonly channel: ReminderChannel;
  /** null if there is none. */
  readonly problem: ChannelProblem | null;
}

/** Returns whether each channel works: mail is set up, and the panel has an endpoint that receives reminders. */
export async function channelStates({ mail, sql }: Pick<Ports, 'sql' | 'mail'>, { id, tenantId }: RowId): Promise<ChannelState[]> {
  const { count } = await sql`
    SELECT FROM webhook_endpoint e
    WHERE e.tenant_id = ${tenantId} AND e.reseller_id = ${id} AND ${takesReminders(sql)} LIMIT 1`;
  const problems: Record<ReminderChannel, ChannelProblem | null> = {
    QUEUE: null,
    EMAIL: mail === null ? 'NO_MAIL' : null,
    WEBHOOK: count === 0 ? 'NO_ENDPOINT' : null,
  };
  return REMINDER_CHANNELS.map((channel) => ({ channel, problem: problems[channel] }));
}
