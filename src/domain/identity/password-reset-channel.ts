/** Delivers requests for a new password: finds the user, stores a hash of the token, and sends the link. */

import { isOf } from '../../db/by-tenant.ts';
import type { Directory } from '../../db/directory.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { Mailer, MailLanguage } from '../../mail/mail.ts';
import type { Channel } from '../../outbox/outbox.ts';
import { recordInAnyTenant } from '../audit/record.ts';
import { INVITATION_DAYS } from '../imports/limits.ts';
import { MAIL_ATTEMPT_TIMEOUT_MS, MAIL_RETRY_DELAYS_MS, undelivered } from '../mail/mail-channel.ts';
import type { MailOwner } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import { typedEmail } from './email.ts';
import { tenantsOfEmails } from './emails.ts';
import { digestOf, stateOf } from './password-reset-token.ts';

export const RESET_CHANNEL = 'password-reset';
/** How long a link is valid (R42). */
export const RESET_MINUTES = 30;
/** How long a used link stays stored. It must outlive the last attempt to send it, which could otherwise make it valid again. */
const KEEP_HOURS = 24;
const SWEEP_ROWS = 1_000;
const HOUR_MS = 3_600_000;

/** The body of the message, which waits sealed in the outbox. */
export interface ResetRequest {
  readonly email: string;
  /** The address as it was typed: the stored e-mail of an older user may have exactly this spelling. */
  readonly typed: string;
  readonly language: MailLanguage;
  /** The same token for each attempt, so that a mail that arrives twice has the same link. */
  readonly token: string;
}

interface Addressee extends MailOwner {
  readonly email: string;
  readonly passwordHash: string;
}

export interface ResetChannelOptions {
  readonly sql: Sql;
  readonly directory: Directory | null;
  readonly mailer: Mailer;
  /** The URL at which browsers reach the web application. */
  readonly publicUrl: string;
}

export function passwordResetChannel({ directory, mailer, publicUrl, sql }: ResetChannelOptions): Channel {
  return {
    retryDelaysMs: MAIL_RETRY_DELAYS_MS,
    attemptTimeoutMs: MAIL_ATTEMPT_TIMEOUT_MS,
    async deliver({ body }, signal) {
      const request = readRequest(body);
      const user = await findAddressee(sql, directory, request);
      if (user === null || !(await keepToken(sql, directory, user, request.token))) return { kind: 'delivered' };
      // The token is in the URL's fragment, which browsers never send: so it is in no log and no referrer.
      const link = `${publicUrl}/reset-password#${request.token}`;
      const { language } = request;
      return mailer.send({ template: 'passwordReset', link, minutes: RESET_MINUTES, to: user.email, language }, signal);
    },
    async died(tx, { body }, why) {
      const user = body === null ? null : await findAddressee(tx, directory, readRequest(body));
      // The message belongs to the platform's tenant, because the user was unknown when it was written.
      if (user !== null) await recordInAnyTenant({ directory }, tx, PLATFORM_TENANT_ID, undelivered(user, user.email, why));
    },
  };
}

/** Removes a bounded number of links that expired long ago, and then their entries in the directory. */
export async function sweepPasswordResets(ports: Pick<Ports, 'sql' | 'topology' | 'directory'>): Promise<void> {
  const { directory, sql } = ports;
  const isOver = sql`expires_at < now() - ${KEEP_HOURS}::float8 * interval '1 hour'`;
  const find = () => sql<TenantWithWork[]>`SELECT DISTINCT tenant_id AS "tenantId" FROM password_reset WHERE ${isOver}`;
  for (const tenantId of await tenantsWithWork(ports, find)) {
    await sql`
      DELETE FROM password_reset WHERE ${isOf(sql, tenantId)} AND token_hash IN (
        SELECT token_hash FROM password_reset WHERE ${isOf(sql, tenantId)} AND ${isOver} ORDER BY expires_at LIMIT ${SWEEP_ROWS})`;
  }
  await directory?.sweep('PASSWORD_RESET', (INVITATION_DAYS + 1) * 24 * HOUR_MS + KEEP_HOURS * HOUR_MS, SWEEP_ROWS);
}

/** Finds the user who could sign in with this e-mail. */
async function findAddressee(
  sql: Sql | Transaction,
  directory: Directory | null,
  { email, typed }: ResetRequest,
): Promise<Addressee | null> {
  const letterForLetter = typedEmail(typed);
  for (const tenantId of await tenantsOfEmails({ directory }, [letterForLetter, email])) {
    const user = await findIn(sql, tenantId, email, letterForLetter);
    if (user !== null) return user;
  }
  return null;
}

/** A null `tenantId` searches all tenants. */
async function findIn(sql: Sql | Transaction, tenantId: string | null, email: string, letterForLetter: string): Promise<Addressee | null> {
  const [user] = await sql<Addressee[]>`
    SELECT u.tenant_id AS "tenantId", u.id AS "userId", u.reseller_id AS "resellerId", u.email, u.password_hash AS "passwordHash"
    FROM app_user u LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    WHERE ${isOf(sql, tenantId, 'u.tenant_id')} AND u.email IN (${email}, ${letterForLetter}) AND u.disabled_at IS NULL AND r.closed_at IS NULL
    ORDER BY u.email = ${letterForLetter} DESC LIMIT 1`;
  return user ?? null;
}

/** Stores the token at the first attempt, when its time starts. Returns whether the link is valid now. */
async function keepToken(
  sql: Sql,
  directory: Directory | null,
  { email, passwordHash, tenantId, userId }: Addressee,
  token: string,
): Promise<boolean> {
  await directory?.note('PASSWORD_RESET', digestOf(token).toString('hex'), { tenantId, subjectId: userId });
  await sql`
    INSERT INTO password_reset (tenant_id, user_id, token_hash, state_digest, expires_at)
    VALUES (${tenantId}, ${userId}, ${digestOf(token)}, ${digestOf(stateOf(passwordHash, email))}, clock_timestamp() + ${RESET_MINUTES}::float8 * interval '1 minute')
    ON CONFLICT DO NOTHING`;
  const { count } = await sql`
    SELECT FROM password_reset
    WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND token_hash = ${digestOf(token)} AND used_at IS NULL AND expires_at > clock_timestamp()`;
  return count === 1;
}

/** Reads the body that `requestPasswordReset` wrote. */
function readRequest(body: string): ResetRequest {
  return JSON.parse(body);
}
