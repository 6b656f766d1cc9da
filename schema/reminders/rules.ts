/** The types ReminderRule and ReminderField, the viewer's own, and the mutation setReminderRules. */

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
  QUEUE: { description: "Into the day's list, `Viewer.messageQueue`: a person sends it by WhatsApp and ticks it off." },
  EMAIL: { description: 'To each customer whose contact is an e-mail address.' },
  WEBHOOK: { description: "As the event CUSTOMER_REMINDED to the panel's webhook endpoints that ask for it." },
} satisfies Record<ChannelName, { readonly description: string }>;

const ReminderChannel = builder.enumType('ReminderChannel', { description: 'Where reminders go.', values: channels });

const DAYS = 'Days after the end of a paid term, or before it: -30 to 30. 0: on its day.';
const TRIAL_HOURS = 'For customers on trial alone: hours after its end, or before it, -24 to 24. null: the rule is for paid terms.';
const HOUR = "The hour of that day in the tenant's time zone, 0 to 23.";
const TEMPLATE = 'The text, in which fields as {nome} or {name} stand for what each customer has.';

const ReminderRule = builder.objectRef<Rule>('ReminderRule').implement({
  description:
    'When customers are reminded of the end of their service, and how. At most one message for each customer, rule and end; by its ' +
    'moment and channel a rule stays the same rule.',
  ...reached('daysFromEnd', 'trialHours', 'hour', 'channel', 'template'),
  fields: (t) => ({
    daysFromEnd: t.exposeInt('daysFromEnd', { description: DAYS }),
    trialHours: t.exposeInt('trialHours', { nullable: true, description: TRIAL_HOURS }),
    hour: t.exposeInt('hour', { description: HOUR }),
    channel: t.expose('channel', { type: ReminderChannel, description: 'Where they are sent.' }),
    template: t.exposeString('template', { description: TEMPLATE }),
  }),
});

const ReminderChannelProblem = builder.enumType('ReminderChannelProblem', {
  description: 'Why no reminder would leave by a channel now.',
  values: {
    NO_MAIL: { description: 'The server has no mail set up.' },
    NO_ENDPOINT: { description: 'The panel has no enabled webhook endpoint of the scope PANEL that asks for CUSTOMER_REMINDED.' },
  } satisfies Record<ChannelProblem, { readonly description: string }>,
});

const ReminderChannelState = builder.objectRef<ChannelState>('ReminderChannelState').implement({
  description: 'Whether reminders leave by a channel.',
  ...reached('channel', 'problem'),
  fields: (t) => ({
    channel: t.expose('channel', { type: ReminderChannel, description: 'The channel.' }),
    problem: t.expose('problem', {
      type: ReminderChannelProblem,
      nullable: true,
      description: 'Why they do not: they wait, and are dropped once they are six hours late. null: they do.',
    }),
  }),
});

const ReminderField = builder.objectRef<ExampleField>('ReminderField').implement({
  description: 'A field that a template may have, written between braces.',
  ...reached('name', 'example'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What stands between the braces.' }),
    example: t.exposeString('example', {
      description:
        'What it becomes for the customer whose service ends next, for a preview; of one that is made up where there is none, and in a support session.',
    }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  reminderRules: t.field({
    type: [ReminderRule],
    nullable: true,
    description: "The rules of the viewer's panel, in its order; null: the viewer has none.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => panel && reminderRules(sql, { tenantId, id: panel.id }),
  }),
  reminderChannels: t.field({
    type: [ReminderChannelState],
    nullable: true,
    description: 'Whether reminders leave by each channel now; null: the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports }) => panel && channelStates(ports, { tenantId, id: panel.id }),
  }),
  reminderFields: t.field({
    type: [ReminderField],
    nullable: true,
    description: 'What templates may name, in Portuguese and in English; null: the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, ctx) => panel && exampleFields(ctx.ports.sql, { tenantId, id: panel.id }, isMasked(ctx)),
  }),
}));

const ReminderRuleInput = builder.inputType('ReminderRuleInput', {
  description: 'One rule of a list.',
  fields: (t) => ({
    daysFromEnd: t.int({ required: true, defaultValue: 0, description: `${DAYS} 0 of a rule for trials.` }),
    trialHours: t.int({ description: TRIAL_HOURS }),
    hour: t.int({ required: true, defaultValue: 0, description: `${HOUR} 0 of a rule for trials.` }),
    channel: t.field({ type: ReminderChannel, required: true, description: 'Where they are sent.' }),
    template: t.string({
      required: true,
      description: `${TEMPLATE} 1 to 1000 characters, lines too. \`Viewer.reminderFields\` lists them.`,
    }),
  }),
});

const SetReminderRulesInput = builder.inputType('SetReminderRulesInput', {
  description: 'The rules of your panel, as a whole.',
  fields: (t) => ({
    rules: t.field({ type: [ReminderRuleInput], required: true, description: `Up to ${MAX_RULES}, each moment and channel once.` }),
  }),
});

const SetReminderRulesPayload = builder.objectRef<readonly Rule[]>('SetReminderRulesPayload').implement({
  description: 'The rules are as given.',
  ...reached('reminderRules'),
  fields: (t) => ({ reminderRules: t.field({ type: [ReminderRule], description: 'The list, in its order.', resolve: (list) => list }) }),
});

mutation('setReminderRules', {
  description:
    'Replaces when and how the customers of your panel are reminded. What became due in the last six hours is made at once. For OWNERs.',
  who: { role: REMINDER_RULE_ROLES },
  input: SetReminderRulesInput,
  argument: 'The new list.',
  payload: SetReminderRulesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The list, or why it was not taken.',
  run: (input, ctx) => setReminderRules(ctx.ports, actingOf(ctx), input),
});
