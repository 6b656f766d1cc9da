/** The webhook receivers of the soak. */

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Sql } from '../../src/db/sql.ts';
import { ask, rowOf } from './client.ts';
import type { World } from './world.ts';

/** Panels with their own webhook receiver, which often fails. */
const PANELS = 4;
/** Such a receiver refuses one message in this many. */
const REFUSED_ONE_IN = 5;
const SLOW_MS = 500;
/** Longer than the attempt time-out in webhooks.child.ts. */
const TOO_SLOW_MS = 4_000;
const EVENTS = ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_EXPIRED'] as const;
/** The target of redirects, where no request may arrive. */
const ELSEWHERE = '/elsewhere';

/** How all receivers behave: as usual, or all with the same fault. */
export type Manner = 'usual' | 'answers 500' | 'answers slowly' | 'answers 200 and closes' | 'redirects';

const CREATE = `mutation ($input: CreateWebhookEndpointInput!) { result: createWebhookEndpoint(input: $input) {
  __typename ... on CreateWebhookEndpointPayload { secret } ... on Error { code message } } }`;

/** The messages a receiver has accepted: for each customer the versions, in the order of first arrival. */
interface Receipts {
  /** Null for the receiver of the whole tenant. */
  readonly resellerId: string | null;
  readonly webhook: Webhook;
  /** The version of the access feed after which it gets messages. */
  readonly since: number;
  /** The id of the first message for each version. */
  readonly accepted: Map<number, string>;
  /** The newest version for each customer. */
  readonly newest: Map<string, number>;
}

/**
 * Webhook receivers: one for the whole tenant, some for panels that refuse, hang up and delay, and one address
 * without a server.
 */
export class Receivers {
  /** Messages accepted for the first time. */
  accepted = 0;
  /** Repeated messages with an id that was accepted before. */
  again = 0;
  refused = 0;
  /**
   * Messages that must not occur: of a version under a second id, older than the customer's newest, for a version
   * that never existed, or after a redirect.
   */
  doubled = 0;
  disordered = 0;
  unknown = 0;
  astray = 0;
  manner: Manner = 'usual';
  /** Events that must not occur, as text. */
  readonly wrong: string[] = [];
  readonly #receipts = new Map<string, Receipts>();
  readonly #server = createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()));
  readonly #stranger: Sql;
  readonly #tenantId: string;
  #port = 0;

  private constructor(stranger: Sql, tenantId: string) {
    this.#stranger = stranger;
    this.#tenantId = tenantId;
  }

  static async open(world: World, origin: string, stranger: Sql): Promise<Receivers> {
    const receivers = new Receivers(stranger, world.root.tenantId);
    receivers.#server.listen(0, '127.0.0.1');
    await once(receivers.#server, 'listening');
    receivers.#port = (receivers.#server.address() as AddressInfo).port;
    const url = `http://127.0.0.1:${receivers.#port}`;
    await receivers.#add(origin, world.rootToken, `${url}/tenant`, null);
    for (const { panel, token } of world.payers.slice(0, PANELS)) await receivers.#add(origin, token, `${url}/${panel.id}`, panel.id);
    // No server listens on this port: the messages for it wait, and delay no others.
    const [payer] = world.payers;
    if (payer) await create(origin, payer.token, 'http://127.0.0.1:1025/nobody', 'PANEL');
    return receivers;
  }

  get count(): number {
    return this.#receipts.size;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Stops listening, and returns a function that listens again. */
  leave(): () => Promise<unknown> {
    this.close();
    return () => once(this.#server.listen(this.#port, '127.0.0.1'), 'listening');
  }

  /** How many events of the feed the receivers have not accepted yet. */
  async missing(): Promise<number> {
    const rows = await this.#stranger<{ version: number; resellerId: string }[]>`
      SELECT version, reseller_id AS "resellerId" FROM access_event WHERE tenant_id = ${this.#tenantId} AND event = ANY (${`{${EVENTS.join(',')}}`}::text[])`;
    const last = rows.reduce((most, { version }) => Math.max(most, version), 0);
    let missing = 0;
    for (const { accepted, resellerId, since } of this.#receipts.values()) {
      const own = new Set(
        rows.filter((row) => row.version > since && (resellerId === null || row.resellerId === resellerId)).map((row) => row.version),
      );
      missing += [...own].filter((version) => !accepted.has(version)).length;
      const never = [...accepted.keys()].filter((version) => version <= last && !own.has(version));
      if (never.length > 0) this.wrong.push(`a receiver got ${never.length} events that never existed`);
      this.unknown += never.length;
    }
    return missing;
  }

  async #add(origin: string, token: string, url: string, resellerId: string | null): Promise<void> {
    const [row] = await this.#stranger<{ last: number }[]>`
      SELECT coalesce(max(version), 0) AS last FROM access_event WHERE tenant_id = ${this.#tenantId}`;
    const secret = await create(origin, token, url, resellerId === null ? 'TENANT' : 'PANEL');
    const receipts = {
      resellerId,
      webhook: new Webhook(secret),
      since: row?.last ?? 0,
      accepted: new Map<number, string>(),
      newest: new Map(),
    };
    this.#receipts.set(new URL(url).pathname, receipts);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === ELSEWHERE) {
      this.astray += 1;
      this.wrong.push('a redirect was followed');
    }
    const receipts = this.#receipts.get(request.url ?? '');
    if (receipts === undefined) throw new Error('no receiver at this path');
    const isRefused = this.manner === 'usual' ? receipts.resellerId !== null && randomInt(REFUSED_ONE_IN) === 0 : this.#isRefusing();
    if (isRefused) {
      this.refused += 1;
      const answers = [
        () => response.writeHead(500).end(),
        () => response.destroy(),
        () => delay(SLOW_MS).then(() => response.writeHead(302, { location: ELSEWHERE }).end()),
      ];
      const which = this.manner === 'answers 500' ? 0 : this.manner === 'redirects' ? 2 : randomInt(answers.length);
      await answers[which]?.();
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.#accept(receipts, headers['webhook-id'] ?? '', receipts.webhook.verify(Buffer.concat(chunks).toString(), headers) as Message);
    // The message is accepted, but the answer is late: it arrives again with the same id.
    if (this.manner === 'answers slowly') await delay(TOO_SLOW_MS);
    if (this.manner === 'answers 200 and closes')
      response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy());
    else response.writeHead(204).end();
  }

  #isRefusing(): boolean {
    return this.manner === 'answers 500' || this.manner === 'redirects';
  }

  #accept(receipts: Receipts, id: string, { data: { customerId, version } }: Message): void {
    const customer = rowOf(customerId);
    const first = receipts.accepted.get(version);
    if (first !== undefined) {
      this.again += 1;
      if (first !== id) {
        this.doubled += 1;
        this.wrong.push(`version ${version} arrived under two ids`);
      }
      return;
    }
    this.accepted += 1;
    receipts.accepted.set(version, id);
    const before = receipts.newest.get(customer) ?? 0;
    if (version < before) {
      this.disordered += 1;
      this.wrong.push(`customer ${customer}: version ${version} arrived after ${before}`);
    }
    receipts.newest.set(customer, Math.max(version, before));
  }
}

interface Message {
  readonly data: { readonly customerId: string; readonly version: number };
}

/** Creates an endpoint and returns its secret. */
async function create(origin: string, token: string, url: string, scope: 'TENANT' | 'PANEL'): Promise<string> {
  const reply = await ask(origin, token, CREATE, { input: { url, scope, events: EVENTS } }, 20_000);
  if (reply.kind === 'answered' && reply.payload.secret !== undefined) return reply.payload.secret;
  throw new Error(`no webhook endpoint: ${JSON.stringify(reply)}`);
}
