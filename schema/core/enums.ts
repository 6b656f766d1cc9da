/** The enums that several nouns share. */

import type { CustomerStatus as CustomerStatusName } from '../../src/domain/customer/status.ts';
import type { Role as RoleName } from '../../src/kernel/actor.ts';
import type { TransferKind as KindName } from '../../src/kernel/journal.ts';
import { builder } from './builder.ts';

export type TransferKindName = KindName;

type Described<Names extends string> = Record<Names, { readonly description: string }>;

const roles = {
  PLATFORM: { description: 'Runs the platform: makes tenants, issues credits, reads everything.' },
  OWNER: { description: 'Everything of its panel.' },
  OPERATOR: { description: 'Customers, trials and quotes.' },
  FINANCE: { description: 'Resellers, transfers, buying and quotes.' },
  VIEWER: { description: 'Reads everything of the panel, and changes nothing.' },
} satisfies Described<RoleName>;

export const Role = builder.enumType('Role', {
  description: 'What a user may do. Every role reads all that its panel may read.',
  values: roles,
});

const kinds = {
  ISSUE: { description: 'The platform issued credits.' },
  PURCHASE: { description: 'Credits were bought.' },
  GRANT: { description: "A new reseller's first credits." },
  TRANSFER: { description: 'From a panel to its direct child.' },
  RECLAIM: { description: 'A parent took back unspent credits.' },
  SWEEP: { description: "A closed panel's balance went to its parent." },
  ACTIVATION: { description: 'A customer was activated.' },
  RENEWAL: { description: 'A customer was renewed.' },
  SCREENS: { description: 'A customer was given more screens.' },
  REFUND: { description: 'Credits consumed were given back.' },
  CHARGEBACK: { description: 'A purchase was charged back.' },
  REVERSAL: { description: 'A dispute was won: what its charge-back had taken came back.' },
  UNDO: { description: 'A spend was undone: its credits came back.' },
} satisfies Described<KindName>;

export const TransferKind = builder.enumType('TransferKind', { description: 'Why credits moved.', values: kinds });

export const ResellerStatus = builder.enumType('ResellerStatus', {
  description: 'Whether a panel may work. Being locked is not a status: see `Account.locked`.',
  values: {
    ACTIVE: { description: 'It may do all that its balance allows.' },
    SUSPENDED: { description: 'It, or a panel above it, was suspended: it may sign in, read, pay and receive.' },
    CLOSED: { description: 'It is closed for good; its history stays.' },
  } as const,
});

export const Counterparty = builder.enumType('Counterparty', {
  description: 'Who stands on the other side of a transfer.',
  values: {
    PLATFORM: { description: 'The platform itself.' },
    PARENT: { description: 'The panel above; of a sale, the one that sold.' },
    CHILD: { description: 'A panel directly below; of a sale, the one that bought.' },
    CUSTOMER: { description: 'A customer of the panel.' },
  } as const,
});

const customerStatuses = {
  TRIAL: { description: 'It is on a trial, and was never paid for.' },
  ACTIVE: { description: 'It is paid for, and its service runs.' },
  EXPIRED: { description: 'Its service has run out, whatever it was before.' },
  CANCELED: { description: 'It is not to be renewed; its service runs until it expires.' },
} satisfies Described<CustomerStatusName>;

export const CustomerStatus = builder.enumType('CustomerStatus', {
  description: "How a customer stands, by the database's clock. EXPIRED wins over TRIAL and CANCELED.",
  values: customerStatuses,
});

export const SessionTransport = builder.enumType('SessionTransport', {
  description: 'How the session token travels.',
  values: {
    BEARER: { description: 'In the answer; send it as `Authorization: Bearer <token>`.' },
    COOKIE: { description: 'In an HttpOnly cookie; the answer carries no token.' },
  } as const,
});

export const MailLanguage = builder.enumType('MailLanguage', {
  description: 'Languages that mails are written in.',
  values: {
    PT: { description: 'Brazilian Portuguese.' },
    EN: { description: 'English.' },
  } as const,
});

export const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'What may be done by an API key. None reaches people, sessions, passwords or keys.',
  values: {
    READ: { description: 'Every read that the panel may do, and no mutation.' },
    SPEND: { description: 'What OPERATOR and FINANCE may do.' },
    MANAGE: { description: 'What OWNER may do.' },
    SERVICE: {
      description:
        'Of the root panel: what each customer of the tenant may use (accessChanged, and the addresses below /access), and nothing else.',
    },
  } as const,
});

export const BatchMode = builder.enumType('BatchMode', {
  description: 'What becomes of a batch when one item is refused.',
  values: {
    ATOMIC: { description: 'All of them are done, or none.' },
    BEST_EFFORT: { description: 'Each by itself: a result for each.' },
  } as const,
});
