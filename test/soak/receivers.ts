import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Sql } from '../../src/db/sql.ts';
import { ask, rowOf } from './client.ts';
import type { World } from './world.ts';

/** Panels with a receiver of their own, which is often in a bad way. */
const PANELS = 4;
/** One message in so many is not accepted there. */
const REFUSED_ONE_IN = 5;
const SLOW_MS = 500;
const EVENTS = ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED'] as const;

const CREATE = `mutation ($input: CreateWebhookEndpointInput!) { result: createWebhookEndpoint(input: $input) {
  __typename ... on CreateWebhookEndpointPayload { secret } ... on Error { code message } } }`;

/** What a receiver was told: of each customer the versions, in the order in which they came first. */
interface Told {
  /** null: of the whole tenant. */
  readonly resellerId: string | null;
  readonly webhook: Webhook;
  /** Of the access feed, from which on it is told. */
  readonly since: number;
  /** By version, the id under which it came first. */
  readonly accepted: Map<number, string>;
  /** By customer. */
  readonly newest: Map<string, number>;
}

/** Receivers of webhooks: one of the whole tenant, some of panels that refuse, hang up and dawdle, and one where nobody is. */
export class Receivers {
  /** Accepted for the first time. */
  accepted = 0;
  /** Accepted before, by the same id. */
  again = 0;
  refused = 0;
  /** What must not be, in words. */
  readonly wrong: string[] = [];
  readonly #told = new Map<string, Told>();
  readonly #server = createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()));
  readonly #stranger: Sql;
  readonly #tenantId: string;

  private constructor(stranger: Sql, tenantId: string) {
    this.#stranger = stranger;
    this.#tenantId = tenantId;
  }

  static async open(world: World, origin: string, stranger: Sql): Promise<Receivers> {
    const receivers = new Receivers(stranger, world.root.tenantId);
    receivers.#server.listen(0, '127.0.0.1');
    await once(receivers.#server, 'listening');
    const { port } = receivers.#server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    await receivers.#add(origin, world.rootToken, `${url}/tenant`, null);
    for (const { panel, token } of world.payers.slice(0, PANELS)) await receivers.#add(origin, token, `${url}/${panel.id}`, panel.id);
    // A port that no server listens at: its messages wait, and delay nobody.
    const [payer] = world.payers;
    if (payer) await create(origin, payer.token, 'http://127.0.0.1:1025/nobody', 'PANEL');
    return receivers;
  }

  get count(): number {
    return this.#told.size;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** How many events of the feed receivers were not told of yet. */
  async missing(): Promise<number> {
    const rows = await this.#stranger<{ version: number; resellerId: string }[]>`
      SELECT version, reseller_id AS "resellerId" FROM access_event WHERE tenant_id = ${this.#tenantId} AND event = ANY (${`{${EVENTS.join(',')}}`}::text[])`;
    const last = rows.reduce((most, { version }) => Math.max(most, version), 0);
    let missing = 0;
    for (const { accepted, resellerId, since } of this.#told.values()) {
      const own = new Set(
        rows.filter((row) => row.version > since && (resellerId === null || row.resellerId === resellerId)).map((row) => row.version),
      );
      missing += [...own].filter((version) => !accepted.has(version)).length;
      const never = [...accepted.keys()].filter((version) => version <= last && !own.has(version));
      if (never.length > 0) this.wrong.push(`a receiver was told of ${never.length} events that never were`);
    }
    return missing;
  }

  async #add(origin: string, token: string, url: string, resellerId: string | null): Promise<void> {
    const [row] = await this.#stranger<{ last: number }[]>`
      SELECT coalesce(max(version), 0) AS last FROM access_event WHERE tenant_id = ${this.#tenantId}`;
    const secret = await create(origin, token, url, resellerId === null ? 'TENANT' : 'PANEL');
    const told = {
      resellerId,
      webhook: new Webhook(secret),
      since: row?.last ?? 0,
      accepted: new Map<number, string>(),
      newest: new Map(),
    };
    this.#told.set(new URL(url).pathname, told);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const told = this.#told.get(request.url ?? '');
    if (told === undefined) throw new Error('nobody is here');
    if (told.resellerId !== null && randomInt(REFUSED_ONE_IN) === 0) {
      this.refused += 1;
      const [answer] = [
        () => response.writeHead(500).end(),
        () => response.destroy(),
        () => delay(SLOW_MS).then(() => response.writeHead(302).end()),
      ].slice(randomInt(3));
      await answer?.();
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.#accept(told, headers['webhook-id'] ?? '', told.webhook.verify(Buffer.concat(chunks).toString(), headers) as Message);
    response.writeHead(204).end();
  }

  #accept(told: Told, id: string, { data: { customerId, version } }: Message): void {
    const customer = rowOf(customerId);
    const first = told.accepted.get(version);
    if (first !== undefined) {
      this.again += 1;
      if (first !== id) this.wrong.push(`${version} was told under two ids`);
      return;
    }
    this.accepted += 1;
    told.accepted.set(version, id);
    const before = told.newest.get(customer) ?? 0;
    if (version < before) this.wrong.push(`of ${customer} ${version} was told after ${before}`);
    told.newest.set(customer, Math.max(version, before));
  }
}

interface Message {
  readonly data: { readonly customerId: string; readonly version: number };
}

/** Answers the secret. */
async function create(origin: string, token: string, url: string, scope: 'TENANT' | 'PANEL'): Promise<string> {
  const reply = await ask(origin, token, CREATE, { input: { url, scope, events: EVENTS } }, 20_000);
  if (reply.kind === 'answered' && reply.payload.secret !== undefined) return reply.payload.secret;
  throw new Error(`no webhook endpoint: ${JSON.stringify(reply)}`);
}
