/** A platform that is paid through both providers, which are imitated on loopback, and helpers for its purchases. */
import type { Sql } from '../../../src/db/sql.ts';
import type { Api, Client } from '../clients/api.ts';
import type { Given } from '../clients/mutation.ts';
import { openTestSql } from '../sql.ts';
import { order, PRICES, type Purchase, rowIdOf, seen, setPrices, setProvider } from './buying.ts';
import { type Demo, type Member, plantTenant } from './demo.ts';
import { MERCADO_PAGO_SECRET, type Providers, STRIPE_SECRET, startProviders } from './payment-providers.ts';
import { startDemo } from './planted-demo.ts';

export interface Ordered {
  readonly buyer: Member;
  readonly purchase: Purchase;
  /** The purchase's id as the provider sees it. */
  readonly rowId: string;
}

export interface PaidPlatform extends AsyncDisposable {
  readonly api: Api;
  readonly client: Client;
  readonly demo: Demo;
  readonly providers: Providers;
  readonly sql: Sql;
  /** Settings for a second server on the same database. */
  readonly settings: Readonly<Record<string, string>>;
  /** The URLs that the platform's providers deliver events to. */
  readonly stripe: string;
  readonly mercadoPago: string;
  /** Creates a new tenant whose root orders credits from the platform, for 100.00 by default. */
  ordered(provider: 'STRIPE' | 'MERCADO_PAGO', quantity?: number): Promise<Ordered>;
  /** The purchase as its buyer sees it. */
  now(one: Ordered): Promise<Purchase>;
}

export async function startPaidPlatform(): Promise<PaidPlatform> {
  const providers = await startProviders();
  const settings = { STRIPE_API_URL: providers.url, MERCADO_PAGO_API_URL: providers.url, PUBLIC_URL: 'https://panel.test' };
  const { api, demo } = await startDemo({ settings });
  const { client } = api;
  const sql = openTestSql(api.databaseUrl, { max: 2 });
  await setPrices(client, demo.platform, PRICES);
  const address = async (input: Given<'setPaymentProvider'>) => {
    const { settings: set } = await setProvider(client, demo.platform, input);
    if (!set) throw new Error('the provider was not set');
    return `${client.origin}${set.webhookPath}`;
  };
  let named = 0;
  return {
    ...{ api, client, demo, providers, settings, sql },
    stripe: await address({ stripe: { secretKey: 'sk_test_of_the_tests', webhookSecret: STRIPE_SECRET } }),
    mercadoPago: await address({ mercadoPago: { accessToken: 'TEST-token-of-the-tests', webhookSecret: MERCADO_PAGO_SECRET } }),
    async ordered(provider, quantity = 10) {
      named += 1;
      const buyer = await plantTenant(client, demo.platform, `buyer${named}@provided.test`, 0);
      const purchase = await order(client, buyer.token, { quantity, provider, idempotencyKey: 'first' });
      return { buyer, purchase, rowId: rowIdOf(purchase.id) };
    },
    async now({ buyer, purchase }) {
      const found = await seen(client, buyer.token, purchase.id);
      if (!found) throw new Error('the purchase is gone');
      return found;
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await api[Symbol.asyncDispose]();
      await providers[Symbol.asyncDispose]();
    },
  };
}

/** The seller's account, which the metadata of its payments contains. */
export function accountIn(url: string): string {
  return new URL(url).searchParams.get('account') ?? '';
}
