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
 * The demo tree, made through the API: root 1000, its children ana 100 and zero 0 (locked), ana's child bruno 10, zero's
 * child caio 10; another tenant's root 50.
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

interface Made {
  readonly made: { readonly code?: string; readonly reseller?: { readonly id: string } };
}

/** A tenant's root with so many credits; 0 leaves it locked. */
export async function plantTenant(client: Client, platform: string, email: string, credits: number): Promise<Member> {
  const { made } = await client.data<Made>(
    platform,
    `mutation ($input: CreateTenantInput!) {
      made: createTenant(input: $input) { ... on Error { code } ... on CreateTenantPayload { reseller { id } } }
    }`,
    { input: { name: nameOf(email), ownerEmail: email, ownerPassword: PASSWORD, idempotencyKey: email } },
  );
  if (made.reseller === undefined) throw new Error(`no tenant for ${email}: ${made.code}`);
  if (credits > 0) await issue(client, platform, made.reseller.id, credits, `issue ${email}`);
  return signInMember(client, email);
}

/** The platform's own form of the id. */
export async function issue(client: Client, platform: string, resellerId: string, amount: number, idempotencyKey: string): Promise<void> {
  const { issued } = await client.data<{ issued: { code?: string } }>(
    platform,
    'mutation ($input: IssueCreditsInput!) { issued: issueCredits(input: $input) { ... on Error { code } } }',
    { input: { resellerId, amount, idempotencyKey } },
  );
  if (issued.code !== undefined) throw new Error(`nothing issued: ${issued.code}`);
}

export async function plantPanel(client: Client, parent: Member, email: string, credits: number): Promise<Member> {
  const { made } = await client.data<Made>(
    parent.token,
    `mutation ($input: CreateResellerInput!) {
      made: createReseller(input: $input) { ... on Error { code } ... on CreateResellerPayload { reseller { id } } }
    }`,
    { input: { name: nameOf(email), email, password: PASSWORD, initialCredits: credits, idempotencyKey: email } },
  );
  if (made.reseller === undefined) throw new Error(`no panel for ${email}: ${made.code}`);
  return signInMember(client, email);
}

async function signInMember(client: Client, email: string): Promise<Member> {
  const token = await client.signIn(email);
  const { viewer } = await client.data<{ viewer: { reseller: { id: string; account: { id: string } } } }>(
    token,
    '{ viewer { reseller { id account { id } } } }',
  );
  return { email, token, id: viewer.reseller.id, accountId: viewer.reseller.account.id };
}

/** A panel as the platform names it: its ids carry the tenant. */
export async function platformIdOf(client: Client, platform: string, name: string): Promise<string> {
  const { tenants } = await client.data<{ tenants: { edges: { node: { id: string; name: string } }[] } }>(
    platform,
    '{ tenants(first: 100) { edges { node { id name } } } }',
  );
  const found = tenants.edges.find(({ node }) => node.name === name);
  if (!found) throw new Error(`there is no tenant ${name}`);
  return found.node.id;
}

function nameOf(email: string): string {
  return email.replace(/@.*$/, '');
}
