/** Signs messages by the Standard Webhooks specification, and makes the secrets. */

import { createHmac, randomBytes } from 'node:crypto';
import type { RowId } from '../input.ts';

const PREFIX = 'whsec_';
/** The same length as the digest of HMAC-SHA256. */
const SECRET_BYTES = 32;

/** Makes a secret in the form that owners and receivers' libraries use. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** The context that a secret is sealed with. */
export function secretContext({ id, tenantId }: RowId): string {
  return `webhook_endpoint.secret ${tenantId} ${id}`;
}

export interface Signed {
  readonly id: string;
  /** Seconds since 1970, by the database's clock. */
  readonly timestamp: number;
  readonly body: string;
}

/** The value of the header webhook-signature: one signature for each valid secret. */
export function signatureOf({ body, id, timestamp }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
