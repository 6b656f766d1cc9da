/** Everything a use case may reach for, as one interface. */

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

/** What a use case may reach for. Filled once, by src/app.ts. */
export interface Ports {
  readonly ledger: Ledger;
  /** As revenda_app, on the primary: small writes, and reads that must see what was just committed. */
  readonly sql: Sql;
  /** Of the database: what names several tenants there is asked once, or tenant by tenant. */
  readonly topology: Topology;
  /** Of a distributed database: whose a word is that is unique in all of it. null: the database is one. */
  readonly directory: Directory | null;
  /** Read-only, for what takes longer than a page: reports, and exports that hold a connection for as long as they run. */
  readonly reports: Sql;
  /** Read-only. A query's is a replica's, where there is one. */
  readonly prisma: PrismaClient;
  /** For short reads of what is listed beside Prisma's: of the same server as those, so that both have the same rows. */
  readonly lists: Sql;
  readonly passwords: Passwords;
  readonly signInLimits: SignInLimits;
  readonly passwordResetLimits: PasswordResetLimits;
  readonly sessions: Sessions;
  /** Keeps secrets at rest. */
  readonly secrets: SecretBox;
  /** The providers that take money for credits. */
  readonly payments: Payments;
  /** What is sent after a commit, if there is one. */
  readonly outbox: Outbox;
  /** null: mail is not set up. Use cases ask for mails through the outbox. */
  readonly mail: Mailer | null;
  /** Tells every process that a right changed. */
  readonly announce: (hint: RightsHint) => void;
  /** Tells every process that a purchase changed otherwise than by the ledger: those who watch it are told sooner. */
  readonly purchasesChanged: () => void;
  /** Customers' payments were opened, or expired: those who watch them are told sooner. */
  readonly customerPaymentsChanged: () => void;
  /** What a customer may use was changed otherwise than by the ledger: its event is numbered sooner. */
  readonly customersChanged: () => void;
  /** Webhooks: which addresses they may have, and that there is something to send. */
  readonly webhooks: WebhookPort;
  /** The worker of imports. */
  readonly imports: ImportPort;
}
