/** The schemas of the messages that are sent. docs/webhook-events.schema.json is generated from them, and the payloads have their types. */

import { z } from 'zod';

const id = z.string().describe('The id that the API uses.');
const time = z.iso.datetime();
const version = z
  .number()
  .int()
  .min(1)
  .describe('It rises with each event of the same subject. For customer events it rises over the whole tenant.');

const customer = z.object({
  version,
  customerId: id,
  resellerId: id.describe('Its panel.'),
  login: z.string().nullable().describe("The customer's login at the service. null if it has none yet."),
  active: z.boolean().describe('Whether the customer is served now.'),
  screens: z.number().int().min(1),
  expiresAt: time,
  name: z.string().optional().describe('To endpoints of the scope PANEL only.'),
  contact: z.string().nullable().optional().describe('To endpoints of the scope PANEL only.'),
});

const account = z.object({
  version,
  resellerId: id.describe('The panel of the account.'),
  kind: z.string().describe('Why credits moved: a TransferKind of the API.'),
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
  sellerId: id.nullable().describe('null if the platform is the seller.'),
  status: z.string().describe('A PurchaseStatus of the API. There is no event when a purchase expires: see expiresAt.'),
  quantity: z.number().int().min(1),
  totalMinor: z.number().int(),
  currency: z.string(),
  provider: z.string(),
  expiresAt: time,
  reportedAt: time.nullable().describe('When the buyer reported that it has paid.'),
});

const reseller = z.object({
  version,
  resellerId: id,
  parentId: id.nullable().describe('null for the root.'),
  name: z.string(),
  status: z.enum(['ACTIVE', 'SUSPENDED', 'CLOSED']).describe("The panel's own status. Panels below a suspended panel have no events."),
});

const reminder = z.object({
  version,
  customerId: id,
  resellerId: id.describe('Its panel.'),
  name: z.string(),
  contact: z.string().nullable(),
  expiresAt: time.describe('The end of service that the reminder is about.'),
  dueAt: time.describe('When the reminder was due. It is not sent more than six hours later.'),
  text: z.string().describe("The rule's text with the customer's values."),
});

function message<Types extends readonly [string, ...string[]], Data extends z.ZodObject>(types: Types, data: Data) {
  return z.object({
    type: z.enum(types),
    timestamp: time.describe('When it happened.'),
    test: z.literal(true).optional().describe('Sent by sendTestEvent with fictitious data. Its ids do not exist.'),
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
