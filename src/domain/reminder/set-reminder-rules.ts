/** The use case setReminderRules: replaces the rules by which a panel's customers get reminders (R58). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { visibleProse } from '../text.ts';
import { transactAsOwner } from '../transact.ts';
import { REMINDER_CHANNELS, type ReminderRule, reminderRules, ruleName } from './rules.ts';
import { unknownFields } from './template.ts';

/** Only an owner decides what is sent in the panel's name. */
export const REMINDER_RULE_ROLES: readonly Role[] = ['OWNER'];
/** The most rules of one panel. */
export const MAX_RULES = 20;
const MAX_TEMPLATE_CHARACTERS = 1_000;
const MAX_DAYS = 30;
const MAX_HOURS = 24;
/** The most characters of a field's name that a refusal repeats. */
const MAX_SHOWN_CHARACTERS = 30;

function whole(lowest: number, highest: number) {
  const error = `must be a whole number from ${lowest} to ${highest}.`;
  return z.number({ error }).int({ error }).min(lowest, { error }).max(highest, { error });
}

const templateSchema = visibleProse(MAX_TEMPLATE_CHARACTERS).superRefine((template, ctx) => {
  for (const name of unknownFields(template).slice(0, MAX_RULES)) {
    ctx.addIssue({ code: 'custom', message: `has no field {${name.slice(0, MAX_SHOWN_CHARACTERS)}}.` });
  }
});

const schema = z.object({
  rules: z
    .array(
      z.object({
        daysFromEnd: whole(-MAX_DAYS, MAX_DAYS),
        trialHours: whole(-MAX_HOURS, MAX_HOURS).nullish(),
        hour: whole(0, 23),
        channel: z.enum(REMINDER_CHANNELS),
        template: templateSchema,
      }),
    )
    .max(MAX_RULES, `must be at most ${MAX_RULES} rules.`),
});

export interface SetReminderRulesInput {
  readonly rules: readonly (Omit<ReminderRule, 'trialHours'> & { readonly trialHours?: number | null | undefined })[];
}

/**
 * Replaces all rules of the acting panel, in the given order. Messages that became due in the last six hours are made at once. A
 * customer who already got the reminder of a rule with the same moment and channel gets no other.
 */
export async function setReminderRules(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  input: SetReminderRulesInput,
): Promise<readonly ReminderRule[]> {
  const panel = requirePanel(actor, REMINDER_RULE_ROLES);
  const rules = checkInput(schema, input).rules.map((rule): ReminderRule => ({ ...rule, trialHours: rule.trialHours ?? null }));
  refuseBoth(rules);
  refuseTwice(rules);
  const { tenantId } = actor;
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const own = { tenantId, id: panel.id };
    const before = await reminderRules(tx, own);
    await replace(tx, own, rules);
    await recordAudit(tx, {
      ...{ tenantId, resellerId: panel.id, actorId: actor.userId, address, action: 'REMINDER_RULES_SET', subject: null },
      changes: [{ field: 'reminders', before: inWords(before), after: inWords(rules) }],
    });
    return rules;
  });
}

/** A trial ends within a day, so its rule has neither days nor an hour of the day. */
function refuseBoth(rules: readonly ReminderRule[]): void {
  const fields = rules.flatMap(({ daysFromEnd, hour, trialHours }, index) => [
    ...(trialHours !== null && daysFromEnd !== 0 ? [{ path: `input.rules.${index}.daysFromEnd`, message: 'must be 0 for trials.' }] : []),
    ...(trialHours !== null && hour !== 0 ? [{ path: `input.rules.${index}.hour`, message: 'must be 0 for trials.' }] : []),
  ]);
  if (fields.length > 0) throw new InvalidInput(fields);
}

function refuseTwice(rules: readonly ReminderRule[]): void {
  const names = rules.map(ruleName);
  const twice = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
  const message = 'has the moment and channel of another rule.';
  if (twice.length > 0) throw new InvalidInput(twice.map((index) => ({ path: `input.rules.${index}`, message })));
}

/** A rule that stays keeps its progress. If its hour changes, its next day is computed again. */
async function replace(tx: Transaction, { id, tenantId }: RowId, rules: readonly ReminderRule[]): Promise<void> {
  const rows = JSON.stringify(rules.map((rule, index) => ({ ...rule, rule: ruleName(rule), position: index + 1 })));
  await tx`
    DELETE FROM reminder_rule WHERE tenant_id = ${tenantId} AND reseller_id = ${id}
      AND rule NOT IN (SELECT given.rule FROM jsonb_to_recordset(${rows}::text::jsonb) AS given (rule text))`;
  await tx`
    INSERT INTO reminder_rule AS r (tenant_id, reseller_id, rule, position, days_from_end, trial_hours, hour, channel, template, next_at)
    SELECT ${tenantId}, ${id}, rule, position, "daysFromEnd", "trialHours", hour, channel, template, statement_timestamp()
    FROM jsonb_to_recordset(${rows}::text::jsonb) AS given
      (rule text, position smallint, "daysFromEnd" smallint, "trialHours" smallint, hour smallint, channel text, template text)
    ON CONFLICT (tenant_id, reseller_id, rule) DO UPDATE SET position = excluded.position, hour = excluded.hour,
      template = excluded.template,
      slot = CASE WHEN r.hour = excluded.hour THEN r.slot END,
      done_until = CASE WHEN r.hour = excluded.hour THEN r.done_until END,
      done_id = CASE WHEN r.hour = excluded.hour THEN r.done_id END,
      next_at = CASE WHEN r.hour = excluded.hour THEN r.next_at ELSE excluded.next_at END`;
}

/** The list for people to read. */
function inWords(rules: readonly ReminderRule[]): string | null {
  if (rules.length === 0) return null;
  return rules
    .map(({ channel, daysFromEnd, hour, trialHours }) =>
      trialHours === null ? `${daysFromEnd} d, ${hour}:00, ${channel}` : `trial ${trialHours} h, ${channel}`,
    )
    .join('; ');
}
