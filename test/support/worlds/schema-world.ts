/** Runs GraphQL documents against the schema without a server. */

import { type ExecutionResult, execute, getOperationAST, parse, subscribe, validate } from 'graphql';
import { expect } from 'vitest';
import type { Context } from '../../../schema/core/context.ts';
import { encodeId, encodeIdWithin, type Nameable, type NodeType } from '../../../schema/core/global-id.ts';
import { schema } from '../../../schema/index.ts';
import { openDirectory } from '../../../src/db/directory.ts';
import { openPrisma } from '../../../src/db/prisma.ts';
import { readTopology } from '../../../src/db/topology.ts';
import { createWebhooks } from '../../../src/domain/endpoint/webhooks.ts';
import { createPasswordResetLimits } from '../../../src/domain/identity/password-reset-limits.ts';
import { createPasswords } from '../../../src/domain/identity/passwords.ts';
import { createSessions } from '../../../src/domain/identity/sessions.ts';
import { createSignInLimits } from '../../../src/domain/identity/sign-in-limits.ts';
import type { Ports } from '../../../src/domain/ports.ts';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { type Actor, PLATFORM_TENANT_ID, type Role } from '../../../src/kernel/actor.ts';
import { Refusal } from '../../../src/kernel/errors.ts';
import { createLogger } from '../../../src/kernel/log.ts';
import { createSecretBox } from '../../../src/kernel/secrets.ts';
import { PostingQueue } from '../../../src/ledger/posting/queue.ts';
import { createUniqueValues } from '../../../src/ledger/posting/unique-values.ts';
import { createOutbox } from '../../../src/outbox/create-outbox.ts';
import { createPayments } from '../../../src/payments/create-payments.ts';
import { createExecutor } from '../../../src/server/graphql/executor.ts';
import type { DataOf } from '../clients/query.ts';
import { CHEAP_PASSWORDS, PATIENT_QUEUE } from '../patient.ts';
import { startCountingProxy } from '../processes/counting-proxy.ts';
import { openTestSql } from '../sql.ts';
import { createDatabase } from './database.ts';
import { LedgerWorld, type Panel } from './ledger-world.ts';

/** An operation's answer. Each error has its path, and its code or message. */
export interface Answer<Data = unknown> {
  /** The selected data, or null. */
  readonly data: Data | null;
  readonly errors: readonly { readonly path: string; readonly code: string }[];
}

/** The part of a list that tests read. */
export interface List<Node> {
  readonly edges: readonly { readonly node: Node }[];
}

export function nodesOf<Node>({ edges }: List<Node>): Node[] {
  return edges.map(({ node }) => node);
}

/** Returns the data of an answer, which must have no errors. */
export function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  expect(errors).toEqual([]);
  if (data === null) throw new Error('the answer has no data');
  return data;
}

/** Addresses where nothing listens: without a server no test calls a provider. */
const UNREACHABLE = { publicUrl: 'http://127.0.0.1:9', stripeUrl: 'http://127.0.0.1:9', mercadoPagoUrl: 'http://127.0.0.1:9' };

export type Executor = 'graphql-js' | 'graphql-jit';

/** Runs the schema without a server, on a database of its own; each document runs through both executors. */
export class SchemaWorld {
  readonly ledger: LedgerWorld;
  readonly ports: Ports;
  readonly feed: Context['feed'];
  readonly #close: () => Promise<void>;
  readonly #statements: () => number;

  private constructor(parts: Pick<SchemaWorld, 'ledger' | 'ports' | 'feed'>, statements: () => number, close: () => Promise<void>) {
    this.ledger = parts.ledger;
    this.ports = parts.ports;
    this.feed = parts.feed;
    this.#statements = statements;
    this.#close = close;
  }

  static async open(): Promise<SchemaWorld> {
    const database = await createDatabase();
    const proxy = await startCountingProxy(database.url);
    const sql = openTestSql(proxy.url, { max: 4, role: 'revenda_app' });
    const topology = await readTopology(sql);
    const directory = openDirectory(proxy.url, topology);
    const { feed, sink, start, stop } = createFeed({ url: database.url, topology, log: createLogger('silent') });
    await start();
    const ledger = await LedgerWorld.open(database.url);
    await ledger.queue.close();
    const observer = { posted: () => {}, refused: () => {}, retried: () => {} };
    ledger.queue = new PostingQueue(
      database.url,
      sink,
      observer,
      (error) => {
        throw error;
      },
      PATIENT_QUEUE,
      topology,
      directory && createUniqueValues(directory, sql),
    );
    const reports = openTestSql(proxy.url, { max: 2, role: 'revenda_read' });
    const prisma = openPrisma(proxy.url, { name: 'test schema reads', max: 4 });
    const secrets = createSecretBox([]);
    const unobserved = {
      outboxDelivered: () => {},
      outboxFailed: () => {},
      outboxDied: () => {},
      outboxState: () => {},
      webhookAttempt: () => {},
      webhooksWaiting: () => {},
    };
    const outbox = createOutbox({ sql, secrets, log: createLogger('silent'), observe: unobserved });
    const ports: Ports = {
      ledger: ledger.queue,
      sql,
      topology,
      directory,
      reports,
      lists: sql,
      prisma,
      passwords: createPasswords({ maxConcurrent: 1, cost: CHEAP_PASSWORDS }),
      signInLimits: createSignInLimits({ sql }),
      secrets,
      mail: null,
      passwordResetLimits: createPasswordResetLimits({ sql }),
      outbox,
      payments: createPayments({ ...UNREACHABLE, log: createLogger('silent') }),
      sessions: createSessions({ sql, directory, idleMinutes: 60, maxDays: 1 }),
      announce: (hint) => feed.announce(hint),
      purchasesChanged: () => feed.rowsChanged(),
      customerPaymentsChanged: () => feed.rowsChanged(),
      customersChanged: () => {},
      imports: { wake: () => {} },
      webhooks: createWebhooks(
        {
          ports: { sql, topology, secrets, outbox, mail: null },
          ...{ writeId: encodeIdWithin, log: createLogger('silent'), observe: unobserved, endpointsChanged: () => {} },
        },
        {},
      ).port,
    };
    return new SchemaWorld({ ledger, ports, feed }, proxy.statements, async () => {
      await ledger.close();
      await stop();
      await sql.end();
      await reports.end();
      await prisma.$disconnect();
      await directory?.close();
      await proxy.close();
      await database.drop();
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Opens a session for the panel's own user, with this role. */
  async actor(panel: Panel, role: Role = 'OWNER'): Promise<Actor> {
    await this.ledger.sql`UPDATE app_user SET role = ${role} WHERE tenant_id = ${panel.tenantId} AND id = ${panel.userId}`;
    return this.#openSession({ tenantId: panel.tenantId, userId: panel.userId });
  }

  platform(): Promise<Actor> {
    return this.#openSession({ tenantId: PLATFORM_TENANT_ID, userId: this.ledger.platformUserId });
  }

  async #openSession(user: { tenantId: string; userId: string }): Promise<Actor> {
    const opened = await this.ports.sessions.open(user);
    if (opened === null) throw new Error('this user may have no session');
    return opened.actor;
  }

  context(actor: Actor | null): Context {
    return { actor, ports: this.ports, feed: this.feed, address: '127.0.0.1', userAgent: null, cookies: null };
  }

  /** The id as this viewer sees it. */
  id(viewer: Actor, type: NodeType, row: Nameable): string {
    return encodeId(this.context(viewer), type, row);
  }

  /** Runs a query twice, with graphql-js and with graphql-jit, and expects equal answers. */
  async ask<Data = unknown>(viewer: Actor | null, document: string, variables: Record<string, unknown> = {}): Promise<Answer<Data>> {
    const answer = await this.do<Data>(viewer, document, variables);
    expect(await this.do(viewer, document, variables, 'graphql-jit'), 'graphql-jit').toEqual(answer);
    return answer;
  }

  /** Returns the data of a query that has no errors, typed by its text. */
  async query<const Text extends string>(
    viewer: Actor | null,
    document: Text,
    variables: Record<string, unknown> = {},
  ): Promise<DataOf<Text>> {
    return dataOf(await this.ask<DataOf<Text>>(viewer, document, variables));
  }

  /** Returns the viewer's own panel from a query of `{ viewer { reseller { … } } }` that has no errors. */
  async panel<Own = unknown>(viewer: Actor, document: string, variables: Record<string, unknown> = {}): Promise<Own> {
    const data = dataOf(await this.ask<{ viewer: { reseller: Own } }>(viewer, document, variables));
    return data.viewer.reseller;
  }

  /** Runs an operation once. */
  async do<Data = unknown>(
    viewer: Actor | null,
    document: string,
    variables: Record<string, unknown> = {},
    executor: Executor = 'graphql-js',
  ): Promise<Answer<Data>> {
    const parsed = parse(document);
    const problems = validate(schema, parsed);
    if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
    const contextValue = this.context(viewer);
    if (executor === 'graphql-js') return presented(await execute({ schema, document: parsed, contextValue, variableValues: variables }));
    const definition = getOperationAST(parsed);
    if (!definition) throw new Error('one operation at a time');
    const operation = { document: parsed, name: undefined, kind: definition.operation, definition, rootFields: new Set<string>() };
    const compiled = createExecutor(schema, { compileAfter: 1, compiledOperations: 1 });
    return presented(await compiled.run(operation, undefined, contextValue, variables, true));
  }

  /** Counts the statements that a repeated document needs, with the executor that needs more. */
  async count(viewer: Actor, document: string, variables: Record<string, unknown> = {}): Promise<number> {
    expect((await this.do(viewer, document, variables)).errors).toEqual([]);
    const interpreted = await this.statementsOf(() => this.do(viewer, document, variables));
    const compiled = await this.statementsOf(() => this.do(viewer, document, variables, 'graphql-jit'));
    return Math.max(interpreted, compiled);
  }

  /** Counts the statements that `work` sends through the ports. The ledger's own are not counted. */
  async statementsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.#statements();
    await work();
    return this.#statements() - before;
  }

  /** Opens a subscription and yields its answers. An error that the source throws rejects `next`. */
  async subscribe<Data = Record<string, unknown>>(
    viewer: Actor | null,
    document: string,
    variables: Record<string, unknown> = {},
  ): Promise<AsyncIterator<Answer<Data>>> {
    const source = await subscribe({
      schema,
      document: parse(document),
      contextValue: this.context(viewer),
      variableValues: variables,
    });
    if (!(Symbol.asyncIterator in source)) throw new Error(JSON.stringify(presented(source).errors));
    const events = source[Symbol.asyncIterator]();
    return {
      async next() {
        const step = await events.next();
        return step.done ? { done: true, value: undefined } : { done: false, value: presented(step.value) };
      },
      async return() {
        await events.return?.();
        return { done: true, value: undefined };
      },
    };
  }
}

function presented<Data>({ data, errors }: ExecutionResult): Answer<Data> {
  return {
    data: data === undefined || data === null ? null : JSON.parse(JSON.stringify(data)),
    errors: (errors ?? []).map((error) => {
      const cause = error.originalError ?? error;
      return { path: error.path?.join('.') ?? '', code: cause instanceof Refusal ? cause.code : cause.message };
    }),
  };
}
