/** The type QueuedMessage, the daily list of messages, and the mutation markMessageSent (R58). */

import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { markMessageSent } from '../../src/domain/reminder/mark-message-sent.ts';
import {
  countUnsent,
  findMessage,
  MAX_MESSAGES,
  type QueuedMessage as Message,
  messageQueue,
  textOf,
  whatsappUrlOf,
} from '../../src/domain/reminder/messages.ts';
import { BadUserInput, Forbidden, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf, type Named } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { isMasked } from '../core/visibility.ts';
import { Customer } from '../customers/customer.ts';
import { Viewer } from '../people/viewer.ts';

const DEFAULT_MESSAGES = 100;

export const QueuedMessage = builder.objectRef<Message>('QueuedMessage').implement({
  description: 'A prepared message to a customer, which a person sends and ticks off (R58). Only the own panel sees it.',
  interfaces: [Node],
  ...reached('id', 'text', 'whatsappUrl', 'sentAt', 'dueAt'),
  fields: (t) => ({
    id: t.id(idField('QueuedMessage', (message) => message)),
    customer: t.field({
      type: Customer,
      description: 'The customer to whom the message is addressed.',
      authScopes: { unlocked: true },
      complexity: STATEMENT_COMPLEXITY,
      resolve: async ({ customerId: id, tenantId }, _args, ctx) => {
        const customer = await loadersOf(ctx).customer.load({ tenantId, id });
        return customer ?? Promise.reject(new Error('the customer of a message is gone'));
      },
    }),
    text: t.string({
      description: "The rule's template with the customer's values filled in. In a support session, only the template.",
      resolve: (message, _args, ctx) => (isMasked(ctx) ? message.template : textOf(message)),
    }),
    whatsappUrl: t.string({
      nullable: true,
      description: 'A link that opens WhatsApp with the text. Null if the contact is not a telephone number, and in a support session.',
      resolve: (message, _args, ctx) => (isMasked(ctx) ? null : whatsappUrlOf(message)),
    }),
    dueAt: t.field({ type: 'DateTime', description: 'When the message is due.', resolve: ({ facts }) => facts.dueAt }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true, description: 'When somebody ticked it off. Null if it still waits.' }),
  }),
});

const DAY = "Any time of the day, in the tenant's time zone. If not given: today, and messages that became due in the last six hours.";

builder.objectFields(Viewer, (t) => ({
  messageQueue: t.field({
    type: [QueuedMessage],
    nullable: true,
    description:
      'The messages of a day for a person to send and tick off, waiting ones first (R58). A waiting message disappears if its customer ' +
      'is renewed, muted or canceled, or if its rule is removed. Null if the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: ({ first }) => ({ field: STATEMENT_COMPLEXITY, multiplier: Math.max(1, first ?? DEFAULT_MESSAGES) }),
    args: {
      day: t.arg({ type: 'DateTime', description: DAY }),
      first: t.arg.int({
        required: true,
        defaultValue: DEFAULT_MESSAGES,
        description: `The most messages to return, 1 to ${MAX_MESSAGES}.`,
      }),
    },
    resolve: ({ panel, tenantId }, { day, first }, { ports: { sql } }) => {
      if (first < 1 || first > MAX_MESSAGES) throw new BadUserInput('first', `must be from 1 to ${MAX_MESSAGES}.`);
      return panel && messageQueue(sql, { tenantId, id: panel.id }, day ?? null, first);
    },
  }),
  messagesWaiting: t.int({
    nullable: true,
    description: 'The number of waiting messages of a day. Null if the viewer has no panel.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    args: { day: t.arg({ type: 'DateTime', description: DAY }) },
    resolve: ({ panel, tenantId }, { day }, { ports: { sql } }) => panel && countUnsent(sql, { tenantId, id: panel.id }, day ?? null),
  }),
}));

export async function findQueuedMessage(ctx: Context, { id, tenantId }: Named): Promise<Message | null> {
  const { panel, tenantId: own } = viewerOf(ctx);
  return panel !== null && tenantId === own ? findMessage(ctx.ports.sql, { tenantId, id: panel.id }, id) : null;
}

const MarkMessageSentInput = builder.inputType('MarkMessageSentInput', {
  description: 'A message that was sent.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'A message of your own panel.' }),
    sent: t.boolean({ required: true, defaultValue: true, description: 'True to tick the message off, false to remove the tick.' }),
  }),
});

const MarkMessageSentPayload = builder.objectRef<Message>('MarkMessageSentPayload').implement({
  description: 'The tick was set or removed.',
  ...reached('message'),
  fields: (t) => ({ message: t.field({ type: QueuedMessage, description: 'The message as it is now.', resolve: (message) => message }) }),
});

mutation('markMessageSent', {
  description:
    'Ticks off a message of the list. If it is ticked already, `sentAt` stays the time of the first tick. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: MarkMessageSentInput,
  argument: 'The message.',
  payload: MarkMessageSentPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'The message, or why it was not ticked off.',
  run: ({ messageId, sent }, ctx) =>
    markMessageSent(ctx.ports, actingOf(ctx), { isSent: sent }, decodeIdOf(ctx, 'QueuedMessage', messageId)),
});
