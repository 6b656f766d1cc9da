import { type ClientOptions, createClient, type Client as SocketClient } from 'graphql-ws';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { ensurePlatformUser } from '../../src/domain/identity/ensure-platform-user.ts';
import { createLogger } from '../../src/kernel/log.ts';
import type { Limits } from '../../src/server/limits.ts';
import { createDatabase } from './database.ts';

export const PASSWORD = 'revenda-demo';
export const PLATFORM_EMAIL = 'platform@revenda.test';

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly path?: string; readonly id?: string };
}

export interface Answer<Data> {
  readonly status: number;
  /** What the document selects, if anything was answered. */
  readonly data: Data | null | undefined;
  readonly errors: readonly AnswerError[];
  readonly text: string;
}

/** The two HTTP doors, told apart by an Accept that the small one leaves to Yoga. */
export const DOORS = { json: 'application/json', yoga: 'application/json, text/event-stream' } as const;
export type Door = keyof typeof DOORS;

/** The first event that an operation answers over a WebSocket; or the errors it, or the socket, ended with. */
export async function overSocket<Data>(socket: SocketClient, query: string, variables = {}): Promise<Answer<Data>> {
  const answers = socket.iterate<Data>({ query, variables });
  try {
    const { value } = await answers.next();
    return answerOf(200, JSON.stringify(value ?? {}));
  } catch (error) {
    if (Array.isArray(error)) return answerOf(200, JSON.stringify({ errors: error }));
    throw error;
  } finally {
    await answers.return?.();
  }
}

function answerOf<Data>(status: number, text: string): Answer<Data> {
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  return { status, text, data: body.data, errors: body.errors ?? [] };
}

/** A server as its clients see it, in whatever process it runs. */
export class Client {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  get url(): string {
    return `${this.origin}/graphql`;
  }

  get socketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** One operation over HTTP. */
  ask<Data = unknown>(token: string | null, query: string, variables: object = {}, door: Door = 'json'): Promise<Answer<Data>> {
    return this.send(token, JSON.stringify({ query, variables }), door);
  }

  /** Any body. */
  async send<Data = unknown>(token: string | null, body: string, door: Door = 'json'): Promise<Answer<Data>> {
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: DOORS[door] };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    const response = await fetch(this.url, { method: 'POST', headers, body });
    return answerOf(response.status, await response.text());
  }

  /** The data of an operation that has no errors. */
  async data<Data>(token: string | null, query: string, variables: object = {}): Promise<Data> {
    const { data, errors, text } = await this.ask<Data>(token, query, variables);
    if (!data || errors.length > 0) throw new Error(text);
    return data;
  }

  async signIn(email: string): Promise<string> {
    const { signIn } = await this.data<{ signIn: { token?: string; code?: string } }>(null, SIGN_IN, { email, password: PASSWORD });
    if (signIn.token === undefined) throw new Error(`${email} cannot sign in: ${signIn.code}`);
    return signIn.token;
  }

  /** graphql-ws' own client over a socket that opens when it is needed. To be disposed of. */
  socket(token: string | null, options: Partial<ClientOptions> = {}): SocketClient {
    const connectionParams = token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } };
    return createClient({ url: this.socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...connectionParams, ...options });
  }

  async transfer(token: string, toResellerId: string, amount: number, idempotencyKey: string): Promise<Transferred> {
    const input = { toResellerId, amount, idempotencyKey };
    const { transferCredits } = await this.data<{ transferCredits: Transferred }>(token, TRANSFER, { input });
    return transferCredits;
  }
}

const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { __typename ... on SignInPayload { token } ... on Error { code } }
}`;

export const TRANSFER = `mutation ($input: TransferCreditsInput!) {
  transferCredits(input: $input) {
    __typename
    ... on TransferCreditsPayload {
      replayed transfer { id amount memo createdAt } from { id balance version locked } to { id balance version }
    }
    ... on Error { code message }
  }
}`;

interface Moved {
  readonly id: string;
  readonly balance: number;
  readonly version: number;
  readonly locked?: boolean;
}

/** The answer of TRANSFER: a payload, or the code of a refusal. */
export interface Transferred {
  readonly __typename: string;
  readonly code?: string;
  readonly replayed?: boolean;
  readonly transfer?: { readonly id: string; readonly amount: number };
  readonly from?: Moved;
  readonly to?: Moved;
}

export interface Api extends AsyncDisposable {
  readonly client: Client;
  readonly databaseUrl: string;
}

interface ApiOptions {
  readonly databaseUrl?: string;
  readonly limits?: Partial<Limits>;
}

/** The whole server in this process, on a free port and a database of its own unless one is given. */
export async function startApi({ databaseUrl, limits }: ApiOptions = {}): Promise<Api> {
  const database = databaseUrl === undefined ? await createDatabase() : { url: databaseUrl, drop: async () => {} };
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: database.url, COOKIE_SECURE: 'false', DRAIN_SECONDS: '5' });
  const app = await createApp(config, database.url, createLogger('fatal'), limits);
  await ensurePlatformUser(app.ports, PLATFORM_EMAIL, PASSWORD);
  const { port } = await app.listen();
  return {
    client: new Client(`http://127.0.0.1:${port}`),
    databaseUrl: database.url,
    async [Symbol.asyncDispose]() {
      await app.close();
      await database.drop();
    },
  };
}

/**
 * Two servers on one database, one that executes everything with graphql-js and one that compiles everything with
 * graphql-jit. Each answer is asked for twice and must be the same; a mutation's second answer is its replay.
 */
export class BothExecutors implements AsyncDisposable {
  readonly interpreting: Client;
  readonly compiling: Client;
  readonly databaseUrl: string;
  readonly #apis: readonly Api[];

  private constructor(first: Api, second: Api) {
    this.interpreting = first.client;
    this.compiling = second.client;
    this.databaseUrl = first.databaseUrl;
    this.#apis = [second, first];
  }

  static async start(limits: Partial<Limits> = {}): Promise<BothExecutors> {
    const first = await startApi({ limits: { ...limits, compileAfter: Number.POSITIVE_INFINITY } });
    return new BothExecutors(first, await startApi({ databaseUrl: first.databaseUrl, limits: { ...limits, compileAfter: 1 } }));
  }

  async ask<Data = unknown>(token: string | null, query: string, variables: object = {}, door: Door = 'json'): Promise<Answer<Data>> {
    const compiled = await this.compiling.ask<Data>(token, query, variables, door);
    const interpreted = await this.interpreting.ask<Data>(token, query, variables, door);
    expect(comparable(interpreted.text), query).toEqual(comparable(compiled.text));
    expect(interpreted.status).toBe(compiled.status);
    return compiled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const api of this.#apis) await api[Symbol.asyncDispose]();
  }
}

/** Without what two answers to one question may differ in: the moment, and the order of the errors. */
function comparable(text: string): unknown {
  const timeless = text
    .replace(/"(token|checkedAt|expiresAt)":"[^"]*"/g, '"$1":"…"')
    .replace(/"replayed":(true|false)/g, '"replayed":0')
    .replace(/"retryAfterSeconds":\d+/g, '"retryAfterSeconds":0')
    .replace(/in \d+ s/g, 'in … s')
    .replace(/"id":"[0-9a-f-]{36}"/g, '"id":"…"');
  const { data, errors } = JSON.parse(timeless);
  return { data, errors: errors?.map((error: unknown) => JSON.stringify(error)).sort() };
}

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

export async function signInMember(client: Client, email: string): Promise<Member> {
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
