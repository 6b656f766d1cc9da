/** The enums that several nouns share. */

import type { CustomerStatus as CustomerStatusName } from '../../src/domain/customer/status.ts';
import type { Role as RoleName } from '../../src/kernel/actor.ts';
import type { TransferKind as KindName } from '../../src/kernel/journal.ts';
import { builder } from './builder.ts';

export type TransferKindName = KindName;

type Described<Names extends string> = Record<Names, { readonly description: string }>;

const roles = {
  PLATFORM: { description: 'Operates the platform: creates tenants, issues credits, commits imports and reads everything.' },
  OWNER: { description: 'May do everything that its panel may do.' },
  OPERATOR: { description: 'May manage customers and trials, and request quotes.' },
  FINANCE: { description: 'May create resellers, transfer, reclaim and buy credits, confirm payments and request quotes.' },
  VIEWER: { description: 'May read everything that its panel may read, and change nothing.' },
} satisfies Described<RoleName>;

export const Role = builder.enumType('Role', {
  description: "A user's rights. Every role may read everything that its panel may read.",
  values: roles,
});

const kinds = {
  ISSUE: { description: 'The platform issued credits.' },
  PURCHASE: { description: 'A panel bought credits.' },
  GRANT: { description: 'A new reseller received its first credits from its creator (R13).' },
  TRANSFER: { description: 'A panel transferred credits to its direct child (R14).' },
  RECLAIM: { description: 'A parent took unspent credits back from its direct child (R15).' },
  SWEEP: { description: "A closed panel's balance went to its parent (R17)." },
  ACTIVATION: { description: 'A customer was activated.' },
  RENEWAL: { description: 'A customer was renewed.' },
  SCREENS: { description: 'A customer got more screens.' },
  REFUND: { description: 'Credits spent on a customer were refunded when the customer was canceled (R22).' },
  CHARGEBACK: { description: 'A purchase was charged back (R29).' },
  REVERSAL: { description: 'A payment dispute was won: the credits that the charge-back had taken came back (R29).' },
  UNDO: { description: 'A spend was undone: its credits came back (R45).' },
} satisfies Described<KindName>;

export const TransferKind = builder.enumType('TransferKind', { description: 'Why credits moved.', values: kinds });

export const ResellerStatus = builder.enumType('ResellerStatus', {
  description: 'Whether a panel is open, suspended or closed. Being locked is not a status: see `Account.locked`.',
  values: {
    ACTIVE: { description: 'The panel may do everything that its balance allows.' },
    SUSPENDED: { description: 'The panel, or one above it, is suspended: it may only sign in, read, pay and receive (R11).' },
    CLOSED: { description: 'The panel is closed for good. Its history stays readable (R17).' },
  } as const,
});

export const Counterparty = builder.enumType('Counterparty', {
  description: 'The other side of a transfer.',
  values: {
    PLATFORM: { description: 'The platform.' },
    PARENT: { description: 'The panel above, or the seller of a sale.' },
    CHILD: { description: 'A panel directly below, or the buyer of a sale.' },
    CUSTOMER: { description: 'A customer of the panel.' },
  } as const,
});

const customerStatuses = {
  TRIAL: { description: 'The customer is on a trial that has not expired, and was never activated.' },
  ACTIVE: { description: 'The service is paid for and runs.' },
  EXPIRED: { description: 'The service has ended, whether it was a trial, a paid term or canceled.' },
  CANCELED: { description: 'The panel canceled the customer. The service runs until it expires (R22).' },
} satisfies Described<CustomerStatusName>;

export const CustomerStatus = builder.enumType('CustomerStatus', {
  description: "A customer's status by the database's clock (R25). EXPIRED takes precedence over TRIAL and CANCELED.",
  values: customerStatuses,
});

export const SessionTransport = builder.enumType('SessionTransport', {
  description: 'How the client receives and sends the session token.',
  values: {
    BEARER: { description: 'The response contains the token. Send it as `Authorization: Bearer <token>`.' },
    COOKIE: { description: 'The server sets an HttpOnly cookie. The response contains no token.' },
  } as const,
});

export const MailLanguage = builder.enumType('MailLanguage', {
  description: 'The languages in which the server writes e-mails.',
  values: {
    PT: { description: 'Brazilian Portuguese.' },
    EN: { description: 'English.' },
  } as const,
});

export const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'The rights of an API key. No key can manage users, sessions, passwords or API keys.',
  values: {
    READ: { description: 'Reads everything that the panel may read. Calls no mutation.' },
    SPEND: { description: 'Everything that an OPERATOR and a FINANCE user may do.' },
    MANAGE: { description: 'Everything that an OWNER may do, apart from users, sessions, passwords and keys.' },
    SERVICE: {
      description:
        'For the root panel only: reads what each customer of the tenant may use, through `accessChanged` and the HTTP endpoints below /access. Nothing else (R49).',
    },
  } as const,
});

export const BatchMode = builder.enumType('BatchMode', {
  description: 'What happens to a batch when one item is refused.',
  values: {
    ATOMIC: { description: 'All items are done, or none.' },
    BEST_EFFORT: { description: 'Each item succeeds or fails on its own.' },
  } as const,
});
