import type { Client } from '../clients/api.ts';
import { mutationDocument, type Selections } from '../clients/mutation-document.ts';
import type { Member } from './demo.ts';

/** What the mutations of buying answer, as far as tests look at it. */
export interface Bought {
  readonly __typename: string;
  readonly code?: string;
  readonly minimum?: number;
  readonly fields?: readonly { readonly path: string }[];
  readonly purchase?: Purchase;
  readonly account?: { readonly balance: number; readonly debt: number; readonly locked: boolean; readonly version: number };
  readonly transfer?: { readonly id: string; readonly kind: string; readonly amount: number } | null;
  readonly replayed?: boolean;
}

export interface Purchase {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly provider: string;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly paymentInstructions: string | null;
  readonly returnedMinor: number;
  readonly settledAt: string | null;
  readonly buyer: { readonly id: string; readonly name: string };
  readonly seller: { readonly id: string } | null;
  readonly transfer: { readonly amount: number; readonly kind: string } | null;
}

export const PURCHASE = `id number status provider quantity totalMinor currency reference paymentInstructions returnedMinor settledAt createdAt expiresAt
  buyer { id name } seller { id } transfer { amount kind }`;

/** What is asked of an answer, by the names of its fields. */
const ANSWERS: Selections = {
  ...{ code: '', minimum: '', replayed: '' },
  fields: '{ path }',
  purchase: `{ ${PURCHASE} }`,
  account: '{ balance debt locked version }',
  transfer: '{ id kind amount }',
};

/** One mutation of buying, by its name. */
export async function buying(client: Client, token: string, name: string, input: object): Promise<Bought> {
  return (await client.data<{ done: Bought }>(token, mutationDocument(name, ANSWERS), { input })).done;
}

/** An order that was taken. */
export async function order(client: Client, token: string, input: object): Promise<Purchase> {
  const { code, purchase } = await buying(client, token, 'buyCredits', input);
  if (!purchase) throw new Error(`nothing was bought: ${code}`);
  return purchase;
}

export interface Package {
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface Listed {
  readonly code?: string;
  readonly fields?: readonly { readonly path: string }[];
  readonly packages?: readonly (Package & { readonly id: string; readonly totalMinor: number; readonly currency: string })[];
}

export async function setPrices(client: Client, token: string, packages: readonly Package[], currency = 'BRL'): Promise<Listed> {
  const query = `mutation ($input: SetCreditPackagesInput!) { done: setCreditPackages(input: $input) {
    ... on Error { code } ... on InvalidInputError { fields { path } }
    ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }
  } }`;
  return (await client.data<{ done: Listed }>(token, query, { input: { currency, packages } })).done;
}

export const PRICES: readonly Package[] = [
  { quantity: 10, unitPriceMinor: 1_000 },
  { quantity: 50, unitPriceMinor: 900 },
  { quantity: 100, unitPriceMinor: 800 },
];

/** A panel's purchase as somebody sees it by its id; null: not at all. */
export async function seen(client: Client, token: string, id: string): Promise<Purchase | null> {
  const { data } = await client.ask<{ node: Purchase | null }>(
    token,
    `query ($id: ID!) { node(id: $id) { ... on Purchase { ${PURCHASE} } } }`,
    { id },
  );
  return data?.node ?? null;
}

/** How the platform names a purchase, which carries the tenant. */
export async function asPlatform(client: Client, platform: string, buyerName: string): Promise<Purchase> {
  const { viewer } = await client.data<{ viewer: { sales: { edges: { node: Purchase }[] } } }>(
    platform,
    `{ viewer { sales(first: 100) { edges { node { ${PURCHASE} } } } } }`,
  );
  const found = viewer.sales.edges.find(({ node }) => node.buyer.name === buyerName);
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
  const { viewer } = await client.data<{ viewer: { reseller: { status: string; account: AccountNow } } }>(
    token,
    '{ viewer { reseller { status account { balance debt locked version } } } }',
  );
  return { ...viewer.reseller.account, status: viewer.reseller.status };
}

export interface ProviderSettings {
  readonly code?: string;
  readonly fields?: readonly { readonly path: string }[];
  readonly settings?: { readonly provider: string; readonly enabled: boolean; readonly webhookPath: string };
}

export async function setProvider(client: Client, token: string, input: object): Promise<ProviderSettings> {
  const query = `mutation ($input: SetPaymentProviderInput!) { done: setPaymentProvider(input: $input) {
    ... on Error { code } ... on InvalidInputError { fields { path } }
    ... on SetPaymentProviderPayload { settings { provider enabled webhookPath pixKey merchantName merchantCity } }
  } }`;
  return (await client.data<{ done: ProviderSettings }>(token, query, { input })).done;
}

/** The row's own id, as providers are told it, of an id as a panel sees it. */
export function rowIdOf(id: string): string {
  const hex = Buffer.from(id, 'base64url').toString('hex', 1, 17);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
