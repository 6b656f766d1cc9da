/** The messages as they are posted. docs/webhook-events.schema.json is printed from here, and the payloads have these types. */

import { z } from 'zod';

const id = z.string().describe('As the API shows it.');
const time = z.iso.datetime();
const version = z.number().int().min(1).describe('It rises with each event of the same subject; of customers over the whole tenant.');

const customer = z.object({
  version,
  customerId: id,
  resellerId: id.describe('Its panel.'),
  login: z.string().nullable().describe('What it signs in to the service with; null: nothing yet.'),
  active: z.boolean().describe('Whether it is served.'),
  screens: z.number().int().min(1),
  expiresAt: time,
  name: z.string().optional().describe('To endpoints of the scope PANEL only.'),
  contact: z.string().nullable().optional().describe('To endpoints of the scope PANEL only.'),
});

const account = z.object({
  version,
  resellerId: id.describe('Whose account it is.'),
  kind: z.string().describe('Why credits moved, as TransferKind of the API.'),
  delta: z.number().int(),
  balance: z.number().int().min(0),
  locked: z.boolean(),
  lowBalance: z.boolean(),
});

const purchase = z.object({
  version,
  purchaseId: id,
  number: z.number().int(),
  buyerId: id,
  sellerId: id.nullable().describe('null: the platform.'),
  status: z.string().describe('As PurchaseStatus of the API. That a purchase expires is no event: see expiresAt.'),
  quantity: z.number().int().min(1),
  totalMinor: z.number().int(),
  currency: z.string(),
  provider: z.string(),
  expiresAt: time,
  reportedAt: time.nullable().describe('When its buyer said that it has paid.'),
});

const reseller = z.object({
  version,
  resellerId: id,
  parentId: id.nullable().describe('null: it is the root.'),
  name: z.string(),
  status: z.enum(['ACTIVE', 'SUSPENDED', 'CLOSED']).describe('Its own; what is below a suspended panel has no events.'),
});

const reminder = z.object({
  version,
  customerId: id,
  resellerId: id.describe('Its panel.'),
  name: z.string(),
  contact: z.string().nullable(),
  expiresAt: time.describe('The end that it is reminded of.'),
  dueAt: time.describe('When it was to be reminded. Not sent once six hours have passed.'),
  text: z.string().describe("The rule's text with the customer's values."),
});

function message<Types extends readonly [string, ...string[]], Data extends z.ZodObject>(types: Types, data: Data) {
  return z.object({
    type: z.enum(types),
    timestamp: time.describe('When it happened.'),
    test: z.literal(true).optional().describe('Made up by sendTestEvent; its ids name nothing.'),
    data,
  });
}

export const messageSchema = z.union([
  message(
    [
      ...(['customer.activated', 'customer.renewed', 'customer.screens_changed', 'customer.canceled', 'customer.expired'] as const),
      ...(['customer.moved', 'trial.started', 'access.reset', 'spending.undone'] as const),
      ...(['service.ready', 'service.failed', 'service.retried'] as const),
    ],
    customer,
  ),
  message(['customer.reminded'], reminder),
  message(['account.changed', 'account.locked', 'account.unlocked', 'account.low'], account),
  message(['purchase.changed'], purchase),
  message(['reseller.created', 'reseller.status_changed'], reseller),
]);

type Data<Schema extends z.ZodObject> = Omit<z.infer<Schema>, 'version'>;
export type CustomerData = Data<typeof customer>;
export type ReminderData = Data<typeof reminder>;
export type AccountData = Data<typeof account>;
export type PurchaseData = Data<typeof purchase>;
export type ResellerData = Data<typeof reseller>;
