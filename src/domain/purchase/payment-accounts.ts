/** Reads sellers' accounts at payment providers. */

import { isOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { Actor, Role } from '../../kernel/actor.ts';
import type { PaymentProvider } from '../../ledger/outcome.ts';
import type { Credentials, ProviderName } from '../../payments/gateway.ts';
import type { Ports } from '../ports.ts';
import { asSeller, packagesOf, type Seller, sellerOf } from './seller.ts';

/** The roles that may set the prices and the payment accounts of a seller. */
export const SELLER_ROLES: readonly Role[] = ['OWNER', 'PLATFORM'];

/** A seller's settings for one provider. The secrets are still sealed. */
export interface PaymentAccount {
  readonly tenantId: string;
  readonly sellerId: string;
  readonly provider: ProviderName;
  readonly id: string;
  readonly enabled: boolean;
  readonly apiSecret: string | null;
  readonly webhookSecret: string | null;
  readonly pixKey: string | null;
  readonly merchantName: string | null;
  readonly merchantCity: string | null;
  readonly updatedAt: Date;
}

/** Reads all accounts of a seller, including disabled ones. */
export async function paymentAccountsOf(sql: Sql, { id, tenantId }: Seller): Promise<PaymentAccount[]> {
  return await sql<PaymentAccount[]>`
    SELECT ${accountColumns(sql)} FROM payment_account WHERE tenant_id = ${tenantId} AND seller_id = ${id} ORDER BY provider`;
}

/** Finds an account by the id in the address to which the provider sends its events. */
export async function findPaymentAccount({ directory, sql }: Pick<Ports, 'sql' | 'directory'>, id: string): Promise<PaymentAccount | null> {
  if (directory === null) return findIn(sql, null, id);
  const place = await directory.find('PAYMENT_ACCOUNT', id.toLowerCase());
  return place && findIn(sql, place.tenantId, id);
}

/** A null `tenantId` searches all tenants. */
async function findIn(sql: Sql, tenantId: string | null, id: string): Promise<PaymentAccount | null> {
  const [account] = await sql<PaymentAccount[]>`
    SELECT ${accountColumns(sql)} FROM payment_account WHERE ${isOf(sql, tenantId)} AND id = ${id}`;
  return account ?? null;
}

function accountColumns(sql: Sql) {
  return sql`tenant_id AS "tenantId", seller_id AS "sellerId", provider, id, enabled, api_secret AS "apiSecret",
    webhook_secret AS "webhookSecret", pix_key AS "pixKey", merchant_name AS "merchantName", merchant_city AS "merchantCity",
    updated_at AS "updatedAt"`;
}

/** The context that a secret is sealed with: it opens only with the same context. */
export function secretContext(account: Pick<PaymentAccount, 'tenantId' | 'sellerId' | 'provider'>, column: string): string {
  return `payment_account ${account.tenantId} ${account.sellerId} ${account.provider} ${column}`;
}

export function credentialsOf({ secrets }: Pick<Ports, 'secrets'>, account: PaymentAccount): Credentials {
  const open = (sealed: string | null, column: string) => (sealed === null ? null : secrets.open(sealed, secretContext(account, column)));
  const { merchantCity, merchantName, pixKey } = account;
  return {
    apiSecret: open(account.apiSecret, 'api_secret'),
    webhookSecret: open(account.webhookSecret, 'webhook_secret'),
    ...{ pixKey, merchantName, merchantCity },
  };
}

const SLUGS: Readonly<Record<ProviderName, string>> = { STRIPE: 'stripe', MERCADO_PAGO: 'mercado-pago' };

/** The path and query to which the provider sends its events. */
export function webhookPath({ id, provider }: Pick<PaymentAccount, 'id' | 'provider'>): string {
  return `/webhooks/payments/${SLUGS[provider]}?account=${id}`;
}

/** The provider with this slug in its path, or null. */
export function providerOf(slug: string): ProviderName | null {
  for (const provider of ['STRIPE', 'MERCADO_PAGO'] as const) if (SLUGS[provider] === slug) return provider;
  return null;
}

/**
 * The ways in which a seller accepts this currency, the most convenient first. MANUAL is always one. Pix exists for Brazil's
 * currency only.
 */
export async function methodsOf(sql: Sql, seller: Seller, currency: string): Promise<readonly [PaymentProvider, ...PaymentProvider[]]> {
  const enabled = new Set((await paymentAccountsOf(sql, seller)).flatMap((account) => (account.enabled ? [account.provider] : [])));
  const pix = enabled.has('MERCADO_PAGO') && currency === PIX_CURRENCY;
  if (pix) return enabled.has('STRIPE') ? ['MERCADO_PAGO', 'STRIPE', 'MANUAL'] : ['MERCADO_PAGO', 'MANUAL'];
  return enabled.has('STRIPE') ? ['STRIPE', 'MANUAL'] : ['MANUAL'];
}

const PIX_CURRENCY = 'BRL';

/** The ways in which the actor may pay its seller. The platform buys nothing, so it has none. */
export async function paymentMethods(ports: Pick<Ports, 'sql'>, actor: Actor): Promise<readonly PaymentProvider[]> {
  const seller = await sellerOf(ports, actor);
  if (seller === null) return [];
  const [first] = await packagesOf(ports.sql, seller);
  return methodsOf(ports.sql, seller, first?.currency ?? '');
}

/** The actor's own settings as a seller. */
export function ownPaymentAccounts({ sql }: Pick<Ports, 'sql'>, actor: Actor): Promise<PaymentAccount[]> {
  return paymentAccountsOf(sql, asSeller(actor));
}
