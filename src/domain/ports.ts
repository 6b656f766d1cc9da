/** Everything outside the domain that a use case may use, as one interface. */

import type { Directory } from '../db/directory.ts';
import type { PrismaClient } from '../db/prisma.ts';
import type { Sql } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';
import type { RightsHint } from '../kernel/rights.ts';
import type { SecretBox } from '../kernel/secrets.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Mailer } from '../mail/mail.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Payments } from '../payments/gateway.ts';
import type { WebhookPort } from './endpoint/webhook-port.ts';
import type { PasswordResetLimits } from './identity/password-reset-limits.ts';
import type { Passwords } from './identity/passwords.ts';
import type { Sessions } from './identity/sessions.ts';
import type { SignInLimits } from './identity/sign-in-limits.ts';
import type { ImportPort } from './imports/import-port.ts';

/** The ports of all use cases. src/app.ts fills them once. */
export interface Ports {
  readonly ledger: Ledger;
  /** Connections as revenda_app to the primary: for small writes, and for reads that must see the latest commit. */
  readonly sql: Sql;
  /** How the database is distributed. It decides whether a query of several tenants runs once or tenant by tenant. */
  readonly topology: Topology;
  /** In a distributed database: finds the owner of a value that is unique across all tenants. null on a single database. */
  readonly directory: Directory | null;
  /** Read-only, for long reads: reports, and exports, which hold a connection until they end. */
  readonly reports: Sql;
  /** Read-only. GraphQL queries use a replica if there is one. */
  readonly prisma: PrismaClient;
  /** Short reads for lists that Prisma reads too. They use the same server as `prisma`, so that both see the same rows. */
  readonly lists: Sql;
  readonly passwords: Passwords;
  readonly signInLimits: SignInLimits;
  readonly passwordResetLimits: PasswordResetLimits;
  readonly sessions: Sessions;
  /** Encrypts secrets at rest. */
  readonly secrets: SecretBox;
  /** The payment providers. */
  readonly payments: Payments;
  /** Queues messages in a transaction; they are sent only if it commits. */
  readonly outbox: Outbox;
  /** null if mail is not set up. Use cases send mail through the outbox. */
  readonly mail: Mailer | null;
  /** Notifies every process that a right changed. */
  readonly announce: (hint: RightsHint) => void;
  /** Notifies every process that a purchase changed without the ledger, so that its subscribers receive the change sooner. */
  readonly purchasesChanged: () => void;
  /** Notifies every process that customers' payments were opened or expired, so that subscribers receive the change sooner. */
  readonly customerPaymentsChanged: () => void;
  /** Notifies that a customer's access changed without the ledger, so that its event is numbered sooner. */
  readonly customersChanged: () => void;
  /** Webhooks: checks addresses, and wakes the sender. */
  readonly webhooks: WebhookPort;
  /** The worker of imports. */
  readonly imports: ImportPort;
}
