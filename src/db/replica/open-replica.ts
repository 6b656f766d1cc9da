/** Follows a read replica: attaches to it, asks for its position, and detaches when it does not answer. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Sql } from '../sql.ts';
import { within } from '../within.ts';
import { REPLICA_LIMITS, type Replica, type ReplicaClients, type ReplicaLimits, type ReplicaObserver } from './replica.ts';
import { assertFollows, type LogPosition, NotFollowing, readPrimary, readReplica, reasonOf } from './servers.ts';

/** The shortest time between two log lines about a replica that is behind. */
const LOG_EVERY_MS = 60_000;

export interface ReplicaOptions {
  /** Opens a client with one connection. */
  readonly openPrimary: () => Sql;
  readonly openReplica: () => Sql;
  /** Opens clients that connect only to the server that was started at this time. They end when the signal is aborted. */
  readonly openClients: (server: string, signal: AbortSignal) => ReplicaClients;
  readonly observe: ReplicaObserver;
  readonly log: Logger;
  readonly limits?: Partial<ReplicaLimits> | undefined;
}

/** A replica that has answered and follows the primary that has answered. */
interface Attached {
  readonly clients: ReplicaClients;
  readonly cut: AbortController;
  readonly server: string;
  readonly primary: string;
  /** The position that it has replayed at least. It only rises, because this is one server that is not restarted. */
  position: number;
  /** Until this time of the monotonic clock it counts as behind, and no read waits for it. */
  behindUntilMs: number | null;
}

/** Resolves after the first attempt to attach to the replica. */
export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const replica = new FollowedReplica(options);
  await replica.start();
  return replica;
}

class FollowedReplica implements Replica {
  readonly #options: ReplicaOptions;
  readonly #limits: ReplicaLimits;
  readonly #closing = new AbortController();
  #primary: Sql;
  #replica: Sql;
  #attached: Attached | null = null;
  /** Whether the log says that the replica is unreachable, and when it last said that it is behind (monotonic clock). */
  #isAwayLogged = false;
  #behindLoggedMs = Number.NEGATIVE_INFINITY;
  #behindBytes = 0;
  /** The running query to the primary, and the next one, which serves all callers that came after the first was sent. */
  #sent: Promise<unknown> = Promise.resolve();
  #next: Promise<LogPosition | null> | null = null;
  #poll: Promise<void> | null = null;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#limits = { ...REPLICA_LIMITS, ...options.limits };
    this.#primary = options.openPrimary();
    this.#replica = options.openReplica();
    options.observe.replicaBehind(() => this.#behindBytes);
  }

  async start(): Promise<void> {
    await this.#attach();
    this.#watching = this.#watch();
  }

  async caughtUp(): Promise<ReplicaClients | null> {
    const { observe } = this.#options;
    const attached = this.#attached;
    const outcome = attached === null ? 'away' : await this.#stateOf(attached);
    observe.replicaRead(outcome);
    return outcome === 'replica' && attached !== null ? attached.clients : null;
  }

  failed(): void {
    this.#options.observe.replicaRead('failed');
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#attached?.cut.abort();
    this.#attached = null;
    await Promise.all([this.#primary.end({ timeout: 0 }), this.#replica.end({ timeout: 0 })]);
    await this.#watching;
  }

  async #stateOf(attached: Attached): Promise<'replica' | 'behind' | 'away'> {
    if (attached.behindUntilMs !== null) return 'behind';
    const primary = await this.#primaryNow();
    if (primary === null || !this.#isOf(attached, primary)) return 'away';
    if (await this.#reaches(attached, primary.position)) return attached === this.#attached ? 'replica' : 'away';
    if (attached !== this.#attached) return 'away';
    this.#fallBehind(attached);
    return 'behind';
  }

  /** Queries the primary after this call; callers share one query while another is running. Resolves to null if there is no answer. */
  #primaryNow(): Promise<LogPosition | null> {
    this.#next ??= this.#sent.then(() => {
      this.#next = null;
      const answer = within(readPrimary(this.#primary), this.#limits.deadlineMs).catch(() => {
        this.#replacePrimary();
        return null;
      });
      this.#sent = answer;
      return answer;
    });
    return this.#next;
  }

  /** Returns false and detaches from the replica if this is not the primary that it followed. */
  #isOf(attached: Attached, { server }: LogPosition): boolean {
    if (server === attached.primary) return true;
    this.#detach(attached, new NotFollowing('the primary was restarted or replaced'));
    return false;
  }

  /** Whether the replica has replayed up to `position`, now or within `waitMs`. */
  async #reaches(attached: Attached, position: number): Promise<boolean> {
    const untilMs = monotonicMs() + this.#limits.waitMs;
    while (attached.position < position) {
      const leftMs = untilMs - monotonicMs();
      if (leftMs <= 0 || attached !== this.#attached) return false;
      await Promise.race([this.#readPosition(attached), delay(leftMs, undefined, { ref: false })]);
      if (attached.position < position) await delay(this.#limits.pollMs, undefined, { ref: false });
    }
    return true;
  }

  /** Queries the replica's position, once for all callers. Detaches from a replica that does not answer. */
  #readPosition(attached: Attached): Promise<void> {
    this.#poll ??= within(readReplica(this.#replica), this.#limits.deadlineMs)
      .then(
        ({ position, server }) => {
          if (server !== attached.server) this.#detach(attached, new NotFollowing('it was restarted or replaced'));
          else attached.position = Math.max(attached.position, position);
        },
        (error: unknown) => this.#detach(attached, error),
      )
      .finally(() => {
        this.#poll = null;
      });
    return this.#poll;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const pauseMs = this.#attached === null ? this.#limits.pauseMs : this.#limits.checkEveryMs;
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      if (this.#attached === null) await this.#attach();
      else await this.#check(this.#attached);
    }
  }

  async #check(attached: Attached): Promise<void> {
    const primary = await this.#primaryNow();
    await this.#readPosition(attached);
    if (primary === null || attached !== this.#attached || !this.#isOf(attached, primary)) return;
    this.#behindBytes = Math.max(0, primary.position - attached.position);
    const { behindUntilMs } = attached;
    if (behindUntilMs === null || monotonicMs() < behindUntilMs || !(await this.#reaches(attached, primary.position))) return;
    attached.behindUntilMs = null;
  }

  #fallBehind(attached: Attached): void {
    const nowMs = monotonicMs();
    if (attached.behindUntilMs === null && nowMs - this.#behindLoggedMs > LOG_EVERY_MS) {
      this.#behindLoggedMs = nowMs;
      this.#options.log.warn('the read replica is behind: the primary is read');
    }
    attached.behindUntilMs = nowMs + this.#limits.pauseMs;
  }

  async #attach(): Promise<void> {
    const { log, openClients } = this.#options;
    const cut = new AbortController();
    try {
      const asked = Promise.all([readPrimary(this.#primary), readReplica(this.#replica), assertFollows(this.#replica, this.#primary)]);
      const [primary, { position, server }] = await within(asked, this.#limits.attachMs);
      if (this.#closing.signal.aborted) return;
      const clients = openClients(server, cut.signal);
      this.#attached = { clients, cut, server, primary: primary.server, position, behindUntilMs: null };
      this.#isAwayLogged = false;
      log.info('the read replica is read');
    } catch (error) {
      this.#lost(error);
      this.#replacePrimary();
    }
  }

  #detach(attached: Attached, why: unknown): void {
    if (attached !== this.#attached) return;
    this.#attached = null;
    attached.cut.abort();
    this.#lost(why);
  }

  /** Logs the loss and opens a new connection for the next query, because the failed one may hang. */
  #lost(why: unknown): void {
    if (this.#closing.signal.aborted) return;
    // Warns once. Further attempts are logged at debug level.
    const level = this.#isAwayLogged ? 'debug' : 'warn';
    this.#options.log[level]({ why: reasonOf(why) }, 'the read replica cannot be read: the primary is read');
    this.#isAwayLogged = true;
    const old = this.#replica;
    this.#replica = this.#options.openReplica();
    old.end({ timeout: 0 }).catch(() => {});
  }

  #replacePrimary(): void {
    if (this.#closing.signal.aborted) return;
    const old = this.#primary;
    this.#primary = this.#options.openPrimary();
    old.end({ timeout: 0 }).catch(() => {});
  }
}
