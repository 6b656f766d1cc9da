/** The subscribers of the soak. */

import { randomInt } from 'node:crypto';
import { WebSocket } from 'ws';
import { rowOf } from './client.ts';

/** Sockets from one address; the server allows 256. */
const SOCKETS_OF_AN_ADDRESS = 100;
const RECONNECT_MS = { least: 50, most: 1_000 };

interface Event {
  readonly version: number;
  /** Absent in the access feed. */
  readonly account?: { readonly id: string };
}

interface Frame {
  readonly type: string;
  readonly payload?: { readonly data?: { readonly event: Event } | null } | readonly { readonly extensions?: { readonly code?: string } }[];
}

const BALANCE = 'subscription ($after: Version) { event: balanceChanged(after: $after) { version account { id } } }';
const ACCESS = 'subscription ($after: Version) { event: accessChanged(after: $after) { version } }';
const BRANCH = 'subscription { event: branchChanged { version account { id } } }';

/** 'access' reads the access feed from its beginning. */
type Kind = 'balance' | 'branch' | 'access';
const DOCUMENTS: Readonly<Record<Kind, string>> = { balance: BALANCE, branch: BRANCH, access: ACCESS };
/** The key under which a watcher of the access feed stores versions. */
export const FEED = 'feed';

/** Everything that the watchers of a run saw go wrong, and how often they reconnected. */
export class Sightings {
  missed = 0;
  doubled = 0;
  delivered = 0;
  reconnects = 0;
  /**
   * Events that a branch watcher saw again after it reconnected to a server that receives them later. They are not
   * promised to be unique.
   */
  repeated = 0;
  /** Operations that ended with an error, by code. */
  readonly errors = new Map<string, number>();
}

/** A subscriber that reconnects to any server, and resumes there. */
export class Watcher {
  readonly #origins: readonly string[];
  readonly #token: string;
  readonly #kind: Kind;
  readonly #address: string;
  readonly #sightings: Sightings;
  /** The newest version seen of each account; of only one account unless it watches a branch. */
  readonly seen = new Map<string, number>();
  /** Versions that a branch watcher saw on earlier sockets. */
  readonly #seenBefore = new Map<string, number>();
  #socket: WebSocket | null = null;
  #isClosed = false;
  #onReady: () => void = () => {};
  readonly ready = new Promise<void>((resolve) => {
    this.#onReady = resolve;
  });

  constructor(index: number, kind: Kind, token: string, origins: readonly string[], sightings: Sightings) {
    this.#kind = kind;
    this.#token = token;
    this.#origins = origins;
    this.#sightings = sightings;
    const network = Math.floor(index / SOCKETS_OF_AN_ADDRESS);
    this.#address = `10.${network >> 8}.${network & 255}.1`;
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.terminate();
  }

  #connect(): void {
    // A branch subscription starts with the next change, which another server may have sent already.
    if (this.#kind === 'branch') {
      for (const [id, version] of this.seen) this.#seenBefore.set(id, version);
      this.seen.clear();
    }
    const origin = this.#origins[randomInt(this.#origins.length)] ?? '';
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { 'x-forwarded-for': this.#address },
      handshakeTimeout: 30_000,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${this.#token}` } })));
    socket.on('message', (data) => this.#onFrame(JSON.parse(String(data)), socket));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#isClosed) return;
      this.#sightings.reconnects += 1;
      setTimeout(
        () => {
          if (!this.#isClosed) this.#connect();
        },
        randomInt(RECONNECT_MS.least, RECONNECT_MS.most),
      );
    });
  }

  #onFrame({ type, payload }: Frame, socket: WebSocket): void {
    if (type === 'connection_ack') {
      const [after] = this.seen.values();
      const variables = { balance: { after }, branch: {}, access: { after: after ?? 0 } }[this.#kind];
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: DOCUMENTS[this.#kind], variables } }));
      if (this.#kind !== 'balance') this.#onReady();
    } else if (type === 'next' && payload && 'data' in payload && payload.data) this.#onEvent(payload.data.event);
    else if (type !== 'ping' && type !== 'pong') {
      const code = Array.isArray(payload) ? (payload[0]?.extensions?.code ?? 'NONE') : type;
      this.#sightings.errors.set(code, (this.#sightings.errors.get(code) ?? 0) + 1);
      // The socket may still work, but a client subscribes again.
      socket.close();
    }
  }

  #onEvent({ version, account }: Event): void {
    const sightings = this.#sightings;
    const id = account === undefined ? FEED : rowOf(account.id);
    const last = this.seen.get(id);
    sightings.delivered += 1;
    if (last === undefined && version <= (this.#seenBefore.get(id) ?? 0)) sightings.repeated += 1;
    if (last !== undefined && version <= last) sightings.doubled += 1;
    // A branch subscription may skip versions that a newer one replaced.
    else if (last !== undefined && version > last + 1 && this.#kind !== 'branch') sightings.missed += version - last - 1;
    if (last === undefined || version > last) this.seen.set(id, version);
    this.#onReady();
  }
}
