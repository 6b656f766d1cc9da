/** The demo tree with helpers for customers and their terms. */

import type { Sql } from '../../../src/db/sql.ts';
import type { Customer, Transfer } from '../gql/schema.ts';
import { openTestSql } from '../sql.ts';
import type { Demo, Member } from '../worlds/demo.ts';
import { startDemo } from '../worlds/planted-demo.ts';
import type { Api, ApiOptions, Client } from './api.ts';
import type { Seen } from './mutation.ts';

export type CustomerSeen = Seen<Customer>;

export const DAY_MS = 86_400_000;
export const PERIOD_MS = 30 * DAY_MS;

/** The demo tree behind a server, with direct access to the database to move times, which no mutation does. */
export class CustomersWorld implements AsyncDisposable {
  readonly client: Client;
  readonly databaseUrl: string;
  readonly demo: Demo;
  /** Connects as the database's owner. */
  readonly sql: Sql;
  readonly #api: Api;
  #keys = 0;

  private constructor(api: Api, demo: Demo) {
    this.#api = api;
    this.client = api.client;
    this.databaseUrl = api.databaseUrl;
    this.demo = demo;
    this.sql = openTestSql(api.databaseUrl, { max: 2 });
  }

  static async open(options?: Omit<ApiOptions, 'databaseUrl'>): Promise<CustomersWorld> {
    const { api, demo } = await startDemo(options);
    return new CustomersWorld(api, demo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sql.end();
    await this.#api[Symbol.asyncDispose]();
  }

  key(): string {
    this.#keys += 1;
    return `key ${this.#keys}`;
  }

  /** Returns a new customer with a paid term. */
  async activated(member: Member, periods = 1, screens = 1, name = 'Maria'): Promise<CustomerSeen> {
    return customerOf(await this.client.mutate(member, 'activateCustomer', { name, periods, screens }));
  }

  async trial(member: Member, contact: string): Promise<CustomerSeen> {
    return customerOf(await this.client.mutate(member, 'startTrial', { name: 'Try', contact }));
  }

  /** Moves the end of the service to `ms` milliseconds from now, as if time had passed. */
  async endsIn({ id }: Pick<CustomerSeen, 'id'>, ms: number): Promise<Date> {
    const [row] = await this.sql<{ at: Date }[]>`
      UPDATE customer SET expires_at = date_trunc('milliseconds', now()) + ${ms}::bigint * interval '1 millisecond'
      WHERE id = ${uuidOf(id)} RETURNING expires_at AS at`;
    if (!row) throw new Error('no such customer');
    return row.at;
  }

  async seen(member: Pick<Member, 'token'>, id: string): Promise<CustomerSeen | null> {
    const { customer } = await this.client.query(member, `query ($id: ID!) { customer(id: $id) { ...Customer } }`, { id });
    return customer;
  }

  async balance({ token }: Pick<Member, 'token'>): Promise<number> {
    const { viewer } = await this.client.query(token, '{ viewer { reseller { account { balance } } } }');
    return viewer.reseller.account.balance;
  }
}

interface Served {
  readonly customer?: CustomerSeen;
  readonly transfer?: Pick<Seen<Transfer>, 'createdAt'> | null;
}

export function customerOf({ customer, ...rest }: Served): CustomerSeen {
  if (customer === undefined) throw new Error(JSON.stringify(rest));
  return customer;
}

/** Milliseconds from the transfer, or else from the customer's creation, to the end of the service. */
export function termOf({ customer, transfer }: Served): number {
  const from = transfer?.createdAt ?? customer?.createdAt ?? '';
  return Date.parse(customer?.expiresAt ?? '') - Date.parse(from);
}

/** Decodes an id as a panel's users see it (one byte for the type, then the row's id) into the row's id. */
export function uuidOf(id: string): string {
  const hex = Buffer.from(id, 'base64url').toString('hex', 1);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
