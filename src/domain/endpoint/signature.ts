/** Signs messages as Standard Webhooks says, and makes the secrets for it. */

import { createHmac, randomBytes } from 'node:crypto';
import type { RowId } from '../input.ts';

const PREFIX = 'whsec_';
/** As long as the digest of HMAC-SHA256. */
const SECRET_BYTES = 32;

/** As its owner and the libraries of receivers know it. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** What a secret at rest is bound to. */
export function secretContext({ id, tenantId }: RowId): string {
  return `webhook_endpoint.secret ${tenantId} ${id}`;
}

export interface Signed {
  readonly id: string;
  /** Seconds since 1970, by the database's clock. */
  readonly timestamp: number;
  readonly body: string;
}

/** The header webhook-signature: one signature for each secret that is valid. */
export function signatureOf({ body, id, timestamp }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
