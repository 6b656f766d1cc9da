/** Reminder rules as they are stored, and the reading of a panel's list (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';
import { takesReminders } from '../endpoint/takes-reminders.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';

/** Where a reminder goes. QUEUE: into the day's list, which a person sends. EMAIL: to a contact that is an address. WEBHOOK: to the panel's endpoints. */
export const REMINDER_CHANNELS = ['QUEUE', 'EMAIL', 'WEBHOOK'] as const;

export type ReminderChannel = (typeof REMINDER_CHANNELS)[number];

export interface ReminderRule {
  /** Days after the end of a paid term, or before it (below 0), in the tenant's time zone. 0 of a rule for trials. */
  readonly daysFromEnd: number;
  /** Of a rule for trials: hours after the end, or before it (below 0). null: the rule is for paid terms. */
  readonly trialHours: number | null;
  /** Of that day, in the tenant's time zone; 0 of a rule for trials. */
  readonly hour: number;
  readonly channel: ReminderChannel;
  readonly template: string;
}

/** By its moment and channel a rule stays the same rule, whatever becomes of its hour and words: whom it reminded it does not remind again. */
export function ruleName({ channel, daysFromEnd, trialHours }: Pick<ReminderRule, 'channel' | 'daysFromEnd' | 'trialHours'>): string {
  return `${trialHours === null ? `D${daysFromEnd}` : `T${trialHours}`} ${channel}`;
}

/** A panel's own rules, in its order. */
export async function reminderRules(sql: Sql | Transaction, { id, tenantId }: RowId): Promise<ReminderRule[]> {
  return await sql<ReminderRule[]>`
    SELECT days_from_end AS "daysFromEnd", trial_hours AS "trialHours", hour, channel, template
    FROM reminder_rule WHERE tenant_id = ${tenantId} AND reseller_id = ${id} ORDER BY position`;
}

/** The tenant's days begin at other times from now on: every rule is looked at again. */
export async function zoneChanged(tx: Transaction, tenantId: string): Promise<void> {
  await tx`UPDATE reminder_rule SET next_at = statement_timestamp() WHERE tenant_id = ${tenantId}`;
}

/** Why nothing would leave by a channel now. */
export type ChannelProblem = 'NO_MAIL' | 'NO_ENDPOINT';

export interface ChannelState {
  readonly channel: ReminderChannel;
  /** null: none. */
  readonly problem: ChannelProblem | null;
}

/** Whether the server has mail, and the panel an endpoint that is told of reminders. */
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
