/** The callers of the soak. */

import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PATIENCE_MS, until } from '../support/until.ts';
import { ask, type Payload, rowOf } from './client.ts';
import { activate, batch, buy, confirm, type Operation, renew, transfer, transfersOf } from './operations.ts';
import { type Payer, resellerId, type World } from './world.ts';

const TIMEOUT_MS = 20_000;
/** The longest pause of a caller between two operations; the mean is half of it. */
const THINK_MS = 300;
const RETRY_MS = 100;
const LONGEST_WAIT_MS = 500;
/** More paid periods would soon be refused: at most 36 may lie ahead (R20). */
const RENEWALS_OF_A_CUSTOMER = 20;
/** One operation in this many is repeated at another server, whose answer must be equal. */
const ASKED_AGAIN_ONE_IN = 20;
const SETTLE_MS = PATIENCE_MS;

/** Counts since the start. */
export interface Counts {
  acknowledged: number;
  /** Attempts with no answer, with OVERLOADED or with another error. Callers retried them with the same keys. */
  unanswered: number;
  overloaded: number;
  failed: number;
}

/** Callers that behave like real clients: each operation has its keys, and is sent to any server until one answers. */
export class Callers {
  readonly counts: Counts = { acknowledged: 0, unanswered: 0, overloaded: 0, failed: 0 };
  /** Ids of the rows that a server acknowledged. */
  readonly transfers = new Set<string>();
  readonly customers = new Set<string>();
  readonly purchases = new Set<string>();
  /** Answers that must not occur, as text. */
  readonly wrong: string[] = [];
  /** Top-level errors other than OVERLOADED, counted by code. */
  readonly failures = new Map<string, number>();
  readonly #world: World;
  readonly #origins: readonly string[];
  #running: Promise<unknown>[] = [];
  #paused = true;
  #busy = 0;

  constructor(world: World, origins: readonly string[]) {
    this.#world = world;
    this.#origins = origins;
  }

  start(): void {
    this.#paused = false;
    this.#running = this.#world.payers.map((payer) => this.#call(payer));
  }

  /** Resolves when every operation is acknowledged; rejects if one never is. */
  async pause(): Promise<void> {
    this.#paused = true;
    await until(() => this.#busy === 0, SETTLE_MS);
    await Promise.all(this.#running);
  }

  async #call(payer: Payer): Promise<void> {
    const renewals = new Map<string, number>();
    this.#busy += 1;
    while (!this.#paused) {
      const operation = this.#choose(payer, renewals);
      const payload = await this.settle(operation);
      if (payload?.customer) renewals.set(payload.customer.id, (renewals.get(payload.customer.id) ?? 0) + 1);
      if (payload?.purchase && !payload.transfer)
        await this.settle(confirm(this.#world.platformToken, platformId(payload.purchase.id, payer)));
      if (payload && randomInt(ASKED_AGAIN_ONE_IN) === 0) await this.#askAgain(operation, payload);
      await delay(randomInt(THINK_MS));
    }
    this.#busy -= 1;
  }

  #choose(payer: Payer, renewals: Map<string, number>): Operation {
    const dice = randomInt(100);
    if (dice < 10) return transfer(this.#world.rootToken, resellerId(payer.panel));
    if (dice < 45) return transfer(payer.token, payer.childId);
    if (dice < 55) return batch(payer);
    if (dice < 60) return buy(payer);
    const known = [...renewals].filter(([, count]) => count < RENEWALS_OF_A_CUSTOMER).slice(-10);
    const customer = known[randomInt(known.length + 1)];
    return customer ? renew(payer, customer[0]) : activate(payer);
  }

  /** Sends an operation until there is an answer. Returns undefined for a refusal, which none of these operations may get. */
  async settle(operation: Operation): Promise<Payload | undefined> {
    for (;;) {
      const reply = await ask(this.#origin(), operation.token, operation.query, operation.variables, TIMEOUT_MS);
      if (reply.kind === 'answered') return this.#acknowledge(reply.payload);
      if (reply.kind === 'overloaded') this.counts.overloaded += 1;
      else if (reply.kind === 'nothing') this.counts.unanswered += 1;
      else {
        this.counts.failed += 1;
        this.failures.set(reply.code, (this.failures.get(reply.code) ?? 0) + 1);
      }
      await delay(reply.kind === 'overloaded' ? Math.min(reply.retryAfterMs, LONGEST_WAIT_MS) : RETRY_MS + randomInt(RETRY_MS));
    }
  }

  #acknowledge(payload: Payload): Payload | undefined {
    if (!payload.__typename.endsWith('Payload')) {
      this.wrong.push(`${payload.__typename}: ${payload.message}`);
      return undefined;
    }
    this.counts.acknowledged += 1;
    for (const id of transfersOf(payload)) this.transfers.add(rowOf(id));
    if (payload.customer) this.customers.add(rowOf(payload.customer.id));
    if (payload.purchase) this.purchases.add(rowOf(payload.purchase.id));
    return payload;
  }

  async #askAgain(operation: Operation, first: Payload): Promise<void> {
    const second = await this.settle(operation);
    if (!second) return;
    const replays = second.results ?? [second];
    const isSame = transfersOf(second).join() === transfersOf(first).join() && second.purchase?.id === first.purchase?.id;
    if (!isSame || !replays.every(({ replayed }) => replayed)) this.wrong.push(`asked again: ${JSON.stringify([first, second])}`);
  }

  #origin(): string {
    return this.#origins[randomInt(this.#origins.length)] ?? '';
  }
}

/** The id as the platform sees it: it ends with the tenant's id. */
function platformId(id: string, { panel }: Payer): string {
  return Buffer.concat([Buffer.from(id, 'base64url'), Buffer.from(panel.tenantId.replaceAll('-', ''), 'hex')]).toString('base64url');
}
