/** The types ReminderRule and ReminderField, the viewer's rules, and the mutation setReminderRules (R58). */

import { type ExampleField, exampleFields } from '../../src/domain/reminder/example-fields.ts';
import {
  type ReminderChannel as ChannelName,
  type ChannelProblem,
  type ChannelState,
  channelStates,
  type ReminderRule as Rule,
  reminderRules,
} from '../../src/domain/reminder/rules.ts';
import { MAX_RULES, REMINDER_RULE_ROLES, setReminderRules } from '../../src/domain/reminder/set-reminder-rules.ts';
import { Forbidden, InvalidInput, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { isMasked } from '../core/visibility.ts';
import { Viewer } from '../people/viewer.ts';

const channels = {
  QUEUE: { description: 'The daily list `Viewer.messageQueue`: a person sends the message by WhatsApp and ticks it off.' },
  EMAIL: { description: 'An e-mail to each customer whose contact is an e-mail address.' },
  WEBHOOK: { description: "The event CUSTOMER_REMINDED to the panel's webhook endpoints that selected it." },
} satisfies Record<ChannelName, { readonly description: string }>;

const ReminderChannel = builder.enumType('ReminderChannel', { description: 'How reminders are sent.', values: channels });

const DAYS = 'Days after the end of a paid term, or before it if negative: -30 to 30. 0 is the day of the end.';
const TRIAL_HOURS =
  'For trials: hours after the end of the trial, or before it if negative, -24 to 24. Null if the rule is for paid terms.';
const HOUR = "The hour of that day in the tenant's time zone, 0 to 23.";
const TEMPLATE = "The text. Fields such as {nome} or {name} are replaced by the customer's values.";

const ReminderRule = builder.objectRef<Rule>('ReminderRule').implement({
  description:
    'When and how customers are reminded of the end of their service. Each customer gets at most one message for each rule and end ' +
    '(R58). A rule is identified by its time and channel.',
  ...reached('daysFromEnd', 'trialHours', 'hour', 'channel', 'template'),
  fields: (t) => ({
    daysFromEnd: t.exposeInt('daysFromEnd', { description: DAYS }),
    trialHours: t.exposeInt('trialHours', { nullable: true, description: TRIAL_HOURS }),
    hour: t.exposeInt('hour', { description: HOUR }),
    channel: t.expose('channel', { type: ReminderChannel, description: 'How the reminders are sent.' }),
    template: t.exposeString('template', { description: TEMPLATE }),
  }),
});

const ReminderChannelProblem = builder.enumType('ReminderChannelProblem', {
  description: 'Why a channel cannot send reminders now.',
  values: {
    NO_MAIL: { description: 'The server is not set up to send mail.' },
    NO_ENDPOINT: { description: 'The panel has no enabled webhook endpoint with scope PANEL that selected CUSTOMER_REMINDED.' },
  } satisfies Record<ChannelProblem, { readonly description: string }>,
});

const ReminderChannelState = builder.objectRef<ChannelState>('ReminderChannelState').implement({
  description: 'Whether a channel can send reminders.',
  ...reached('channel', 'problem'),
  fields: (t) => ({
    channel: t.expose('channel', { type: ReminderChannel, description: 'The channel.' }),
    problem: t.expose('problem', {
      type: ReminderChannelProblem,
      nullable: true,
      description: 'Why the channel cannot send. Reminders then wait, and are dropped when they are six hours late. Null if it can send.',
    }),
  }),
});

const ReminderField = builder.objectRef<ExampleField>('ReminderField').implement({
  description: 'A field that a template may contain between braces.',
  ...reached('name', 'example'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name between the braces.' }),
    example: t.exposeString('example', {
      description:
        'An example value for a preview: from the customer whose service ends next. If there is none, and in a support session, an invented value.',
    }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  reminderRules: t.field({
    type: [ReminderRule],
    nullable: true,
    description: "The rules of the viewer's panel, in the order in which it set them. Null if the viewer has no panel.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => panel && reminderRules(sql, { tenantId, id: panel.id }),
  }),
  reminderChannels: t.field({
    type: [ReminderChannelState],
    nullable: true,
    description: 'Whether each channel can send reminders now. Null if the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports }) => panel && channelStates(ports, { tenantId, id: panel.id }),
  }),
  reminderFields: t.field({
    type: [ReminderField],
    nullable: true,
    description: 'The fields that templates may contain, in Portuguese and English. Null if the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, ctx) => panel && exampleFields(ctx.ports.sql, { tenantId, id: panel.id }, isMasked(ctx)),
  }),
}));

const ReminderRuleInput = builder.inputType('ReminderRuleInput', {
  description: 'One rule of the list.',
  fields: (t) => ({
    daysFromEnd: t.int({ required: true, defaultValue: 0, description: `${DAYS} Must be 0 if the rule is for trials.` }),
    trialHours: t.int({ description: TRIAL_HOURS }),
    hour: t.int({ required: true, defaultValue: 0, description: `${HOUR} Must be 0 if the rule is for trials.` }),
    channel: t.field({ type: ReminderChannel, required: true, description: 'How the reminders are sent.' }),
    template: t.string({
      required: true,
      description: `${TEMPLATE} 1 to 1000 characters, with line breaks if you like. \`Viewer.reminderFields\` lists the fields.`,
    }),
  }),
});

const SetReminderRulesInput = builder.inputType('SetReminderRulesInput', {
  description: 'The whole list of your rules.',
  fields: (t) => ({
    rules: t.field({
      type: [ReminderRuleInput],
      required: true,
      description: `Up to ${MAX_RULES} rules. No two may have the same time and channel.`,
    }),
  }),
});

const SetReminderRulesPayload = builder.objectRef<readonly Rule[]>('SetReminderRulesPayload').implement({
  description: 'The rules were replaced.',
  ...reached('reminderRules'),
  fields: (t) => ({
    reminderRules: t.field({ type: [ReminderRule], description: 'The new list of rules, in order.', resolve: (list) => list }),
  }),
});

mutation('setReminderRules', {
  description:
    'Replaces the reminder rules of your panel (R58). Messages that became due in the last six hours are made at once. For OWNER.',
  who: { role: REMINDER_RULE_ROLES },
  input: SetReminderRulesInput,
  argument: 'The new list.',
  payload: SetReminderRulesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The new list, or why it was not changed.',
  run: (input, ctx) => setReminderRules(ctx.ports, actingOf(ctx), input),
});
