/** Starts a server in the test's process, and the GraphQL client that tests use. */

import { type ClientOptions, createClient, type Client as SocketClient } from 'graphql-ws';
import { request } from 'undici';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { type AppLimits, createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { ensurePlatformUser } from '../../../src/domain/identity/ensure-platform-user.ts';
import { createLogger } from '../../../src/kernel/log.ts';
import type { Limits } from '../../../src/server/limits.ts';
import { closedAtEnd } from '../leftovers.ts';
import { CHEAP_PASSWORDS, PATIENT_LIMITS, PATIENT_QUEUE, PATIENT_SETTINGS } from '../patient.ts';
import { PATIENCE_MS, until } from '../until.ts';
import { createDatabase } from '../worlds/database.ts';
import { type Answered, type Given, type MutationName, requestOf, withFragments } from './mutation.ts';
import type { DataOf } from './query.ts';

export const PASSWORD = 'revenda-demo';
/** The SECRETS_KEY of every test server: 32 bytes. */
export const SECRETS_KEY = Buffer.alloc(32, 'test').toString('base64');
export const PLATFORM_EMAIL = 'platform@revenda.test';

interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly path?: string; readonly id?: string };
}

export interface Answer<Data> {
  readonly status: number;
  /** The selected data; null or absent if the whole operation failed. */
  readonly data: Data | null | undefined;
  readonly errors: readonly AnswerError[];
  readonly text: string;
}

/** The two handlers of POST /graphql. The Accept header chooses one: the JSON handler leaves event streams to Yoga. */
const DOORS = { json: 'application/json', yoga: 'application/json, text/event-stream' } as const;
export type Door = keyof typeof DOORS;

/** Returns the first event of an operation over a WebSocket, or the errors that ended the operation. */
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

/** The session token or API key to send; null sends none. */
export type By = string | null | { readonly token: string };

function tokenOf(by: By): string | null {
  return by !== null && typeof by === 'object' ? by.token : by;
}

/** A client's view of one server, in whatever process the server runs. */
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

  /** Sends one operation over HTTP. */
  ask<Data = unknown>(token: string | null, query: string, variables: object = {}, door: Door = 'json'): Promise<Answer<Data>> {
    return this.send(token, JSON.stringify({ query, variables }), door);
  }

  /** Sends any body. */
  async send<Data = unknown>(token: string | null, body: string, door: Door = 'json'): Promise<Answer<Data>> {
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: DOORS[door] };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    // undici's `request` takes a third of the CPU of `fetch`, and a run makes tens of thousands of these calls.
    const response = await request(this.url, { method: 'POST', headers, body });
    return answerOf(response.statusCode, await response.body.text());
  }

  /**
   * Returns the data of an operation, and throws if there are errors. Repeats it while it is refused as OVERLOADED, as clients do:
   * a lock or a connection came too late on a busy machine, and nothing was done.
   */
  data<Data>(token: string | null, query: string, variables: object = {}): Promise<Data> {
    return until(async () => {
      const { data, errors, text } = await this.ask<Data>(token, query, variables);
      if (errors.length > 0 && errors.every(({ extensions }) => extensions.code === 'OVERLOADED')) return undefined;
      if (!data || errors.length > 0) throw new Error(text);
      return data;
    });
  }

  /**
   * Returns the data of a query, typed by its text, and throws if there are errors. `...Purchase` selects the usual
   * fields of a Purchase.
   */
  query<const Text extends string>(by: By, text: Text, variables: object = {}): Promise<DataOf<Text>> {
    return this.data<DataOf<Text>>(tokenOf(by), withFragments(text), variables);
  }

  /** Calls one mutation by its name. Adds a new idempotency key where one is required and none is passed. */
  async mutate<Name extends MutationName>(by: By, name: Name, input: Given<Name>): Promise<Answered<Name>> {
    const { query, variables } = requestOf(name, input);
    const { done } = await this.data<{ readonly done: Answered<Name> }>(tokenOf(by), query, variables);
    return done;
  }

  async signIn(email: string): Promise<string> {
    const { token, code } = await this.mutate(null, 'signIn', { email, password: PASSWORD });
    return token ?? Promise.reject(new Error(`${email} cannot sign in: ${code}`));
  }

  /** graphql-ws' own client; its socket opens when it is first needed. The caller disposes of it. */
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

/** Resolves no host name, so that the webhooks of a test never leave this machine. */
const NO_WEBHOOKS = { resolve: () => Promise.reject(new Error('no names here')) };

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

/** The answer to TRANSFER: a payload, or the code of a refusal. */
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

export interface ApiOptions {
  readonly databaseUrl?: string;
  /** Override the patient limits. */
  readonly limits?: AppLimits;
  /** Override the usual settings of tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the whole server in this process, on a free port. It gets a database of its own unless a URL is passed. */
export async function startApi({ databaseUrl, limits, settings }: ApiOptions = {}): Promise<Api> {
  const database = databaseUrl === undefined ? await createDatabase() : { url: databaseUrl, drop: async () => {} };
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    COOKIE_SECURE: 'false',
    DRAIN_SECONDS: '5',
    SECRETS_KEY,
    ...PATIENT_SETTINGS,
    ...settings,
  });
  const app = await createApp(config, database.url, createLogger('fatal'), {
    ...PATIENT_LIMITS,
    postingDeadlineMs: PATIENT_QUEUE.deadlineMs,
    webhooks: NO_WEBHOOKS,
    providerTimeoutMs: PATIENCE_MS,
    passwordCost: CHEAP_PASSWORDS,
    ...limits,
  });
  const close = closedAtEnd(async () => {
    await app.close();
    await database.drop();
  });
  await ensurePlatformUser(app.ports, PLATFORM_EMAIL, PASSWORD);
  const { port } = await app.listen();
  return {
    client: new Client(`http://127.0.0.1:${port}`),
    databaseUrl: database.url,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Two servers on one database: one executes everything with graphql-js, one compiles everything with graphql-jit.
 * Every document is sent to both, and the answers must be equal; for a mutation the second answer is the replay.
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

  static async start(limits: Partial<Limits> = {}, databaseUrl?: string): Promise<BothExecutors> {
    const first = await startApi({ databaseUrl, limits: { ...limits, compileAfter: Number.POSITIVE_INFINITY } });
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

/** Removes what may differ between two answers to one document: times, generated values and the order of the errors. */
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
