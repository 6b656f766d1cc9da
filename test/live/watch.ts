/** Subscriptions of tests, read event by event. */

import type { Client as SocketClient } from 'graphql-ws';

export interface Change {
  readonly version: number;
  readonly balance: number;
  readonly delta: number;
  readonly locked: boolean;
  readonly lowBalance: boolean;
  readonly at: string;
  readonly account: {
    readonly id: string;
    readonly balance: number;
    readonly version: number;
    readonly locked: boolean;
    readonly lockedSince: string | null;
  };
  readonly entry: {
    readonly version: number;
    readonly delta: number;
    readonly balanceAfter: number;
    readonly createdAt: string;
    readonly transfer: { readonly id: string; readonly kind: string; readonly amount: number };
  } | null;
}

const CHANGE = `{
  version balance delta locked lowBalance at
  account { id balance version locked lockedSince }
  entry { version delta balanceAfter createdAt transfer { id kind amount } }
}`;

/** One subscription: its events, and the errors that ended it. */
export class Watch<Event> {
  readonly #events: AsyncIterator<{ readonly data?: { readonly event: Event } | null }>;

  constructor(socket: SocketClient, query: string, variables: Which) {
    this.#events = socket.iterate<{ event: Event }>({ query, variables: { ...variables } });
  }

  /** Returns the next event; if the subscription ended, throws the error. */
  async next(): Promise<Event> {
    const { done, value } = await this.#events.next();
    if (done) throw new Error('the subscription was completed');
    if (!value.data) throw new Error(JSON.stringify(value));
    return value.data.event;
  }

  async take(count: number): Promise<Event[]> {
    const taken: Event[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** Skips events until the end, and returns the code of the error that ended it, or of the close of its socket. */
  async end(): Promise<string | number> {
    try {
      for (;;) await this.next();
    } catch (error) {
      if (Array.isArray(error)) return error[0].extensions.code;
      if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number') return error.code;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#events.return?.();
  }
}

export interface Which {
  readonly resellerId?: string;
  readonly after?: number;
}

export function watchBalance(socket: SocketClient, which: Which = {}): Watch<Change> {
  const field = 'balanceChanged(resellerId: $resellerId, after: $after)';
  return new Watch(socket, `subscription ($resellerId: ID, $after: Version) { event: ${field} ${CHANGE} }`, which);
}

export type LockChange = Pick<Change, 'version' | 'locked' | 'at' | 'account'>;

export function watchLock(socket: SocketClient, which: Which = {}): Watch<LockChange> {
  const field = 'lockChanged(resellerId: $resellerId, after: $after)';
  const selection = '{ version locked at account { id balance version locked lockedSince } }';
  return new Watch(socket, `subscription ($resellerId: ID, $after: Version) { event: ${field} ${selection} }`, which);
}

export function watchBranch(socket: SocketClient, which: Pick<Which, 'resellerId'> = {}): Watch<Change> {
  return new Watch(socket, `subscription ($resellerId: ID) { event: branchChanged(resellerId: $resellerId) ${CHANGE} }`, which);
}

export function versionsOf(changes: readonly { readonly version: number }[]): number[] {
  return changes.map(({ version }) => version);
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
