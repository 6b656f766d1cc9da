/** The use case setPaymentProvider: connects a seller to a payment provider (R30). */

import { z } from 'zod';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { type FieldProblem, InvalidInput } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { ProviderName } from '../../payments/gateway.ts';
import { MAX_MERCHANT_CITY_CHARACTERS, MAX_MERCHANT_NAME_CHARACTERS } from '../../payments/pix.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type PaymentAccount, SELLER_ROLES, secretContext } from './payment-accounts.ts';
import {
  mercadoPagoAccessToken,
  mercadoPagoWebhookSecret,
  pixKeySchema,
  printed,
  stripeSecretKey,
  stripeWebhookSecret,
} from './provider-input.ts';
import { asSeller } from './seller.ts';
import { transactAsSeller } from './transact-as-seller.ts';

const stripeSchema = z.object({ enabled: z.boolean(), secretKey: stripeSecretKey.nullish(), webhookSecret: stripeWebhookSecret.nullish() });
function mercadoPagoSchema(knownPixKey: string | null) {
  return z.object({
    enabled: z.boolean(),
    accessToken: mercadoPagoAccessToken.nullish(),
    webhookSecret: mercadoPagoWebhookSecret.nullish(),
    pixKey: pixKeySchema(knownPixKey).nullish(),
    merchantName: printed(MAX_MERCHANT_NAME_CHARACTERS).nullish(),
    merchantCity: printed(MAX_MERCHANT_CITY_CHARACTERS).nullish(),
  });
}

export interface SetPaymentProviderInput {
  readonly stripe?: z.input<typeof stripeSchema> | null | undefined;
  readonly mercadoPago?: z.input<ReturnType<typeof mercadoPagoSchema>> | null | undefined;
}

/** The new settings. null leaves the stored value as it is. */
interface Given {
  readonly provider: ProviderName;
  /** The path of the input's fields, for refusals. */
  readonly root: string;
  readonly enabled: boolean;
  readonly apiSecret: string | null;
  readonly webhookSecret: string | null;
  readonly pixKey: string | null;
  readonly merchantName: string | null;
  readonly merchantCity: string | null;
}

type Needed = Pick<Ports, 'sql' | 'directory' | 'secrets'>;

/** Sets how a provider collects money for the acting seller. Secrets are sealed before they are written, and never returned. */
export async function setPaymentProvider(
  ports: Needed,
  { actor, address }: Acting,
  input: SetPaymentProviderInput,
): Promise<PaymentAccount> {
  requireRole(actor, SELLER_ROLES);
  const { id: sellerId, tenantId } = asSeller(actor);
  const known = await read(ports.sql, { tenantId, sellerId, provider: 'MERCADO_PAGO' });
  const given = checked(input, known?.pixKey ?? null);
  const owner = { tenantId, sellerId, provider: given.provider };
  const sealed = {
    apiSecret: sealedOr(ports, given.apiSecret, secretContext(owner, 'api_secret')),
    webhookSecret: sealedOr(ports, given.webhookSecret, secretContext(owner, 'webhook_secret')),
  };
  return transactAsSeller(ports, actor, SELLER_ROLES, async (tx) => {
    const before = await read(tx, owner);
    const after = merged(before, { ...given, ...sealed });
    const problems = after.enabled ? missing(after, given.root) : [];
    if (problems.length > 0) throw new InvalidInput(problems);
    const [account] = await tx<{ id: string; updatedAt: Date }[]>`
      INSERT INTO payment_account (tenant_id, seller_id, provider, id, enabled, api_secret, webhook_secret, pix_key, merchant_name, merchant_city, updated_at)
      VALUES (${tenantId}, ${sellerId}, ${given.provider}, ${uuidv7()}, ${after.enabled}, ${after.apiSecret}, ${after.webhookSecret},
        ${after.pixKey}, ${after.merchantName}, ${after.merchantCity}, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (tenant_id, seller_id, provider) DO UPDATE SET enabled = excluded.enabled, api_secret = excluded.api_secret,
        webhook_secret = excluded.webhook_secret, pix_key = excluded.pix_key, merchant_name = excluded.merchant_name,
        merchant_city = excluded.merchant_city, updated_at = excluded.updated_at
      RETURNING id, updated_at AS "updatedAt"`;
    if (!account) throw new Error('the settings were not stored');
    await ports.directory?.note('PAYMENT_ACCOUNT', account.id, { tenantId, subjectId: account.id });
    await recordAudit(tx, {
      ...{ tenantId, resellerId: actor.panel?.id ?? null, actorId: actor.userId, address },
      ...{ action: 'PAYMENT_PROVIDER_SET', subject: given.provider, changes: changes(before, given) },
    });
    return { ...owner, ...after, ...account };
  });
}

function checked({ mercadoPago, stripe }: SetPaymentProviderInput, knownPixKey: string | null): Given {
  if (stripe) {
    const { enabled, secretKey, webhookSecret } = checkInput(stripeSchema, stripe, 'input.stripe');
    const secrets = { apiSecret: secretKey ?? null, webhookSecret: webhookSecret ?? null };
    return { provider: 'STRIPE', root: 'input.stripe', enabled, ...secrets, pixKey: null, merchantName: null, merchantCity: null };
  }
  const input = checkInput(mercadoPagoSchema(knownPixKey), mercadoPago, 'input.mercadoPago');
  return {
    provider: 'MERCADO_PAGO',
    root: 'input.mercadoPago',
    enabled: input.enabled,
    apiSecret: input.accessToken ?? null,
    webhookSecret: input.webhookSecret ?? null,
    pixKey: input.pixKey ?? null,
    merchantName: input.merchantName ?? null,
    merchantCity: input.merchantCity ?? null,
  };
}

type Settings = Pick<PaymentAccount, 'enabled' | 'apiSecret' | 'webhookSecret' | 'pixKey' | 'merchantName' | 'merchantCity'>;

async function read(tx: Sql | Transaction, { provider, sellerId, tenantId }: Pick<PaymentAccount, 'tenantId' | 'sellerId' | 'provider'>) {
  const [row] = await tx<Settings[]>`
    SELECT enabled, api_secret AS "apiSecret", webhook_secret AS "webhookSecret", pix_key AS "pixKey", merchant_name AS "merchantName",
      merchant_city AS "merchantCity"
    FROM payment_account WHERE tenant_id = ${tenantId} AND seller_id = ${sellerId} AND provider = ${provider}`;
  return row ?? null;
}

function merged(before: Settings | null, given: Settings): Settings {
  return {
    enabled: given.enabled,
    apiSecret: given.apiSecret ?? before?.apiSecret ?? null,
    webhookSecret: given.webhookSecret ?? before?.webhookSecret ?? null,
    pixKey: given.pixKey ?? before?.pixKey ?? null,
    merchantName: given.merchantName ?? before?.merchantName ?? null,
    merchantCity: given.merchantCity ?? before?.merchantCity ?? null,
  };
}

/**
 * The settings that are missing. The API needs its key, and a secret to verify its events. Pix also works with the seller's Pix key
 * alone.
 */
function missing({ apiSecret, merchantCity, merchantName, pixKey, webhookSecret }: Settings, root: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const require = (value: string | null, field: string, message: string) => {
    if (value === null) problems.push({ path: `${root}.${field}`, message });
  };
  const isPix = root === 'input.mercadoPago';
  if (apiSecret !== null || webhookSecret !== null || !isPix || pixKey === null) {
    require(apiSecret, isPix ? 'accessToken' : 'secretKey', 'is needed before it can be switched on.');
    require(webhookSecret, 'webhookSecret', 'is needed before it can be switched on.');
  }
  if (pixKey !== null) {
    require(merchantName, 'merchantName', 'is needed: every Pix code contains it.');
    require(merchantCity, 'merchantCity', 'is needed: every Pix code contains it.');
  }
  return problems;
}

function sealedOr({ secrets }: Needed, given: string | null, context: string): string | null {
  return given === null ? null : secrets.seal(given, context);
}

/** Records of secrets only that they changed, and of a Pix key too: it may be somebody's tax number or phone number. */
function changes(before: Settings | null, given: Given): AuditChange[] {
  const list: AuditChange[] = [{ field: 'enabled', before: before ? String(before.enabled) : null, after: String(given.enabled) }];
  const replaced = { apiSecret: given.apiSecret, webhookSecret: given.webhookSecret, pixKey: given.pixKey };
  for (const [field, value] of Object.entries(replaced)) if (value !== null) list.push({ field, before: null, after: 'replaced' });
  for (const field of ['merchantName', 'merchantCity'] as const) {
    if (given[field] !== null && given[field] !== before?.[field])
      list.push({ field, before: before?.[field] ?? null, after: given[field] });
  }
  return list;
}
