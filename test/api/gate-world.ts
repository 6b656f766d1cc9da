/** The demo tree with users of every role, for tests of who may reach what. */

import {
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { schema } from '../../schema/index.ts';
import type { Sql } from '../../src/db/sql.ts';
import { type Answer, BothExecutors, overSocket } from '../support/clients/api.ts';
import { upload } from '../support/clients/import-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, platformIdOf } from '../support/worlds/demo.ts';
import { noteEmails } from '../support/worlds/directory.ts';
import { createDemoDatabase } from '../support/worlds/planted-demo.ts';
import { CALLS } from './gate-rules.ts';
import type { Viewer } from './gate-viewers.ts';

/** A well-formed id that matches nothing. */
export const UNKNOWN_ID = idOf(1, '0190d5a1-7b1c-7000-8000-00000000beef');

/** The demo tree behind both executors, with a user of every role in Ana's panel. */
export class GateWorld implements AsyncDisposable {
  readonly both: BothExecutors;
  readonly demo: Demo;
  readonly tokens: Readonly<Record<Viewer, string>>;
  /** The root panel's id as the platform sees it. */
  readonly rootForPlatform: string;
  #importId: string | null = null;
  #changes = 0;

  private constructor(parts: Pick<GateWorld, 'both' | 'demo' | 'tokens' | 'rootForPlatform'>) {
    this.both = parts.both;
    this.demo = parts.demo;
    this.tokens = parts.tokens;
    this.rootForPlatform = parts.rootForPlatform;
  }

  /** On a database of its own unless one with the demo tree is passed. */
  static async open(database?: { readonly url: string; readonly demo: Demo }): Promise<GateWorld> {
    const { demo, url } = database ?? (await createDemoDatabase());
    // Deeper than usual, so that a document is refused by the rules and not for its depth.
    const both = await BothExecutors.start({ documentDepth: 40 }, url);
    const { interpreting: client } = both;
    const rootForPlatform = await platformIdOf(client, demo.platform, 'root');
    await issue(client, demo.platform, rootForPlatform, 100_000, 'for changes');
    await setPrices(client, demo.platform, PRICES);
    const [OPERATOR, FINANCE, VIEWER] = await Promise.all(
      (['OPERATOR', 'FINANCE', 'VIEWER'] as const).map(async (role) => {
        await withSql(both.databaseUrl, (sql) => addColleague(sql, demo.ana, role));
        return client.signIn(colleague(demo.ana, role));
      }),
    );
    if (!OPERATOR || !FINANCE || !VIEWER) throw new Error('not everyone could sign in');
    const tokens = { PLATFORM: demo.platform, ROOT_OWNER: demo.root.token, OWNER: demo.ana.token, OPERATOR, FINANCE, VIEWER };
    return new GateWorld({ both, demo, tokens, rootForPlatform });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.both[Symbol.asyncDispose]();
  }

  /** Runs SQL directly, for changes without a mutation. */
  prepare(work: (sql: Sql) => Promise<unknown>): Promise<void> {
    return withSql(this.both.databaseUrl, work);
  }

  /** Sends a document over HTTP. A subscription goes over a WebSocket, and its first event is returned. */
  async ask(token: string | null, document: string): Promise<Answer<unknown>> {
    if (!document.startsWith('subscription')) return this.both.ask(token, document);
    const socket = this.both.compiling.socket(token);
    try {
      let answer: Answer<unknown> | null = null;
      const first = overSocket(socket, document).then((value) => {
        answer = value;
      });
      // Some subscriptions send nothing before a change, and only then show that they were accepted.
      let change: Promise<unknown> = Promise.resolve();
      await until(async () => {
        change = this.#changeWhat(document);
        await Promise.race([first, change]);
        return answer !== null;
      });
      await Promise.all([first, change]);
      return answer ?? Promise.reject(new Error('no answer'));
    } finally {
      await socket.dispose();
    }
  }

  /** Sends the root field's call from CALLS. */
  askRoot(token: string | null, root: string, id: string): Promise<Answer<unknown>> {
    const [kind = '', name = ''] = root.split('.');
    const call = CALLS[root]?.({ id, key: `gate ${root}` });
    if (call === undefined) throw new Error(`no call of ${root}`);
    const type = schema.getType(kind);
    const returns = isObjectType(type) && getNamedType(type.getFields()[name]?.type);
    const cause = ['transferCreditsBatch', 'renewCustomers'].includes(name) ? ' ... on BatchRefusedError { cause { code } }' : '';
    const errors = returns && String(returns).endsWith('Result') ? ` ... on Error { code }${cause}` : '';
    const below = isCompositeType(returns || undefined) ? ` { __typename${errors} }` : '';
    return this.ask(token, `${kind.toLowerCase()} { answer: ${call}${below} }`);
  }

  #changeWhat(document: string): Promise<void> {
    if (document.includes('purchaseChanged')) return this.#changePurchases();
    if (document.includes('customerPaymentChanged')) return this.#changePayments();
    if (document.includes('importChanged')) return this.#changeImports();
    if (document.includes('webhookEndpointChanged')) return this.#changeEndpoints();
    return /customerChanged|accessChanged/.test(document) ? this.#changeCustomers() : this.#change();
  }

  /** Changes customers of Ana and of the root. Once is enough, because the feed is read from its beginning. */
  async #changeCustomers(): Promise<void> {
    const { ana, root } = this.demo;
    for (const { token } of [ana, root]) {
      await this.both.interpreting.ask(
        token,
        'mutation { activateCustomer(input: { name: "watched", periods: 1, idempotencyKey: "watched" }) { __typename } }',
      );
    }
  }

  /** Lets their customers choose a plan. */
  async #changePayments(): Promise<void> {
    await this.#changeCustomers();
    await this.prepare(
      (sql) => sql`
        INSERT INTO customer_payment (tenant_id, id, reseller_id, customer_id, plan_id, plan_name, price_minor, currency, periods, screens, opened_at, expires_at)
        SELECT tenant_id, gen_random_uuid(), reseller_id, id, gen_random_uuid(), 'Plan', 100, 'BRL', 1, 1, now(), now() + interval '24 hours'
        FROM customer WHERE name = 'watched'`,
    );
  }

  /** Gives Ana and the root another endpoint. */
  #changeEndpoints(): Promise<void> {
    const { ana, root } = this.demo;
    return this.prepare(
      (sql) => sql`
        INSERT INTO webhook_endpoint (tenant_id, id, reseller_id, url, scope, events, secret, created_at, access_version, accounts_since)
        SELECT tenant_id, gen_random_uuid(), reseller_id, 'https://example.com', 'PANEL', '{CUSTOMER_RENEWED}', 'none', now(), 0, now()
        FROM app_user WHERE email IN (${ana.email}, ${root.email})`,
    );
  }

  /** Starts an import of the root; its first line is empty, so that it fails at once. */
  async #changeImports(): Promise<void> {
    const { root } = this.demo;
    const { interpreting } = this.both;
    if (this.#importId === null) this.#importId = (await upload(interpreting, root.token, 'nothing\nread\n')).id;
    else await interpreting.ask(root.token, `mutation { previewImport(input: { importId: "${this.#importId}" }) { __typename } }`);
  }

  /** Changes Ana's balance, and with it her branch and the root's. */
  async #change(): Promise<void> {
    this.#changes += 1;
    const { ana, root } = this.demo;
    await this.both.interpreting.transfer(root.token, ana.id, 1, `change ${this.#changes}`);
  }

  /** Ana, the root and the locked panel zero buy from the platform. */
  async #changePurchases(): Promise<void> {
    this.#changes += 1;
    const { ana, root, zero } = this.demo;
    for (const { token } of [ana, root, zero]) {
      const { id } = await order(this.both.interpreting, token, { quantity: 10, idempotencyKey: `change ${this.#changes}` });
      await this.both.interpreting.mutate(token, 'cancelPurchase', { purchaseId: id });
    }
  }
}

async function withSql(url: string, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = openTestSql(url);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** Adds another user to a panel, with its owner's password. */
export async function addColleague(sql: Sql, { email }: Member, role: Viewer): Promise<void> {
  await sql`
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    SELECT tenant_id, gen_random_uuid(), reseller_id, ${colleague({ email }, role)}, password_hash, ${role}::user_role, created_at
    FROM app_user WHERE email = ${email}`;
  await noteEmails(sql, colleague({ email }, role));
}

export function colleague({ email }: Pick<Member, 'email'>, role: Viewer): string {
  return `${role.toLowerCase()}.${email}`;
}

/**
 * The code with which a call was refused: of a typed error or its cause, or else of the first top-level error. Null
 * if the call was not refused.
 */
export function refusalOf({ data, errors }: Answer<unknown>): string | null {
  const [error] = errors;
  if (error) return error.extensions.code;
  const answer = property(data, 'answer');
  const code = property(property(answer, 'cause'), 'code') ?? property(answer, 'code');
  return typeof code === 'string' ? code : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

/** An id as a panel's users see it: base64url of the type's tag and the row's id. */
export function idOf(tag: number, uuid: string): string {
  return Buffer.from(`${tag.toString(16).padStart(2, '0')}${uuid.replaceAll('-', '')}`, 'hex').toString('base64url');
}

/** Every object type in answers, except the roots. */
export function objectTypes(): GraphQLObjectType[] {
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type) && !roots.includes(type) ? [type] : [],
  );
}

/** Every field of the three roots, as "Query.viewer". */
export function rootFields(): string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`),
  );
}

/** Every argument that takes an id, as "Mutation.moveReseller.input.resellerId". */
export function idArguments(): string[] {
  const found: string[] = [];
  const look = (type: GraphQLInputType, path: string): void => {
    const named = getNamedType(type);
    if (named.name === 'ID') found.push(path);
    if (isInputObjectType(named)) for (const field of Object.values(named.getFields())) look(field.type, `${path}.${field.name}`);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType(), ...objectTypes()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      for (const argument of field.args) look(argument.type, `${root?.name}.${field.name}.${argument.name}`);
    }
  }
  return found;
}
