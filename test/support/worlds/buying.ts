/** Helpers to buy and sell credits. */

import type { Client } from '../clients/api.ts';
import type { Answered, Given, Seen } from '../clients/mutation.ts';
import type { Purchase as PurchaseType } from '../gql/schema.ts';
import type { Member } from './demo.ts';

export type Purchase = Seen<PurchaseType>;

/** Orders credits, and throws if the order is refused. */
export async function order(client: Client, token: string, input: Given<'buyCredits'>): Promise<Purchase> {
  const { code, purchase } = await client.mutate(token, 'buyCredits', input);
  if (!purchase) throw new Error(`nothing was bought: ${code}`);
  return purchase;
}

export interface Package {
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export function setPrices(
  client: Client,
  token: string,
  packages: readonly Package[],
  currency = 'BRL',
): Promise<Answered<'setCreditPackages'>> {
  return client.mutate(token, 'setCreditPackages', { currency, packages });
}

export const PRICES: readonly Package[] = [
  { quantity: 10, unitPriceMinor: 1_000 },
  { quantity: 50, unitPriceMinor: 900 },
  { quantity: 100, unitPriceMinor: 800 },
];

/** The purchase with this id as the caller sees it, or null if the caller may not see it. */
export async function seen(client: Client, token: string, id: string): Promise<Purchase | null> {
  return (await client.query(token, 'query ($id: ID!) { node(id: $id) { ...Purchase } }', { id })).node;
}

/** The purchase as the platform sees it: its id carries the tenant. */
export async function asPlatform(client: Client, platform: string, buyerName: string): Promise<Purchase> {
  const { viewer } = await client.query(platform, `{ viewer { sales(first: 100) { edges { node { ...Purchase } } } } }`);
  const found = viewer.sales.edges.find(({ node }) => node.buyer?.name === buyerName);
  if (!found) throw new Error(`${buyerName} has bought nothing of the platform`);
  return found.node;
}

export interface AccountNow {
  readonly balance: number;
  readonly debt: number;
  readonly locked: boolean;
  readonly version: number;
}

export async function accountOf(client: Client, { token }: Pick<Member, 'token'>): Promise<AccountNow & { readonly status: string }> {
  const { viewer } = await client.query(token, '{ viewer { reseller { status account { balance debt locked version } } } }');
  return { ...viewer.reseller.account, status: viewer.reseller.status };
}

export function setProvider(client: Client, token: string, input: Given<'setPaymentProvider'>): Promise<Answered<'setPaymentProvider'>> {
  return client.mutate(token, 'setPaymentProvider', input);
}

/** Decodes an id as a panel sees it into the row's id, which providers receive. */
export function rowIdOf(id: string): string {
  const hex = Buffer.from(id, 'base64url').toString('hex', 1, 17);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
