/** Plants tenants and panels through the API. */

import { type Client, PASSWORD, PLATFORM_EMAIL } from '../clients/api.ts';

/** One panel of the demo tree and its owner, signed in. */
export interface Member {
  readonly email: string;
  readonly token: string;
  readonly id: string;
  readonly accountId: string;
}

export interface Demo {
  readonly platform: string;
  readonly root: Member;
  readonly ana: Member;
  readonly bruno: Member;
  readonly zero: Member;
  readonly caio: Member;
  readonly other: Member;
}

/**
 * Creates the demo tree through the API: root 1000, its children ana 100 and zero 0 (locked), ana's child bruno 10,
 * zero's child caio 10, and the root of another tenant with 50. `startDemo` (planted-demo.ts) clones a tree that is already there.
 */
export async function plantDemo(client: Client): Promise<Demo> {
  const platform = await client.signIn(PLATFORM_EMAIL);
  const root = await plantTenant(client, platform, 'root@demo.test', 1120);
  const ana = await plantPanel(client, root, 'ana@demo.test', 110);
  const bruno = await plantPanel(client, ana, 'bruno@demo.test', 10);
  const zero = await plantPanel(client, root, 'zero@demo.test', 10);
  const caio = await plantPanel(client, zero, 'caio@demo.test', 10);
  const other = await plantTenant(client, platform, 'other@other.test', 50);
  return { platform, root, ana, bruno, zero, caio, other };
}

/** Creates a tenant whose root has this many credits; with 0 the root stays locked. */
export async function plantTenant(client: Client, platform: string, email: string, credits: number): Promise<Member> {
  const input = { name: nameOf(email), ownerEmail: email, ownerPassword: PASSWORD, idempotencyKey: email };
  const { code, reseller } = await client.mutate(platform, 'createTenant', input);
  if (!reseller) throw new Error(`no tenant for ${email}: ${code}`);
  if (credits > 0) await issue(client, platform, reseller.id, credits, `issue ${email}`);
  return signInMember(client, email);
}

/** Issues credits. `resellerId` is the id as the platform sees it. */
export async function issue(client: Client, platform: string, resellerId: string, amount: number, idempotencyKey: string): Promise<void> {
  const { code } = await client.mutate(platform, 'issueCredits', { resellerId, amount, idempotencyKey });
  if (code !== undefined) throw new Error(`nothing issued: ${code}`);
}

export async function plantPanel(client: Client, parent: Member, email: string, credits: number): Promise<Member> {
  const input = { name: nameOf(email), email, password: PASSWORD, initialCredits: credits, idempotencyKey: email };
  const { code, reseller } = await client.mutate(parent, 'createReseller', input);
  if (!reseller) throw new Error(`no panel for ${email}: ${code}`);
  return signInMember(client, email);
}

async function signInMember(client: Client, email: string): Promise<Member> {
  const token = await client.signIn(email);
  const { viewer } = await client.query(token, '{ viewer { reseller { id account { id } } } }');
  return { email, token, id: viewer.reseller.id, accountId: viewer.reseller.account.id };
}

/** The id of a root as the platform sees it: it carries the tenant. */
export async function platformIdOf(client: Client, platform: string, name: string): Promise<string> {
  const { tenants } = await client.query(platform, '{ tenants(first: 100) { edges { node { id name } } } }');
  const found = tenants.edges.find(({ node }) => node.name === name);
  if (!found) throw new Error(`there is no tenant ${name}`);
  return found.node.id;
}

function nameOf(email: string): string {
  return email.replace(/@.*$/, '');
}
