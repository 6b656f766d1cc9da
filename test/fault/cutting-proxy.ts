/** A proxy to Postgres that breaks posting connections at a chosen moment. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The moments of a posting, as its messages pass. At the first four, nothing of that message has been passed on. At
 * 'commit answered' Postgres has answered and the client has not received it; at 'lock answered' the client has.
 */
export const MOMENTS = ['lock sent', 'lock answered', 'write sent', 'commit sent', 'commit answered'] as const;
export type Moment = (typeof MOMENTS)[number];

/** 'cut' breaks both connections. 'freeze' stops all traffic in both directions, and closes nothing. */
export type Action = 'pass' | 'cut' | 'freeze';

export type AtMoment = (moment: Moment, session: ProxySession) => Action | Promise<Action>;

const [QUERY, PARSE, BIND, SYNC, READY, KEY_DATA] = ['Q', 'P', 'B', 'S', 'Z', 'K'].map((letter) => letter.charCodeAt(0));

/**
 * A proxy between posting connections and Postgres that reads their messages, and breaks connections at the moment a
 * test chooses.
 */
export class CuttingProxy {
  readonly url: string;
  /** Called at every moment. */
  atMoment: AtMoment = () => 'pass';
  readonly sessions = new Set<ProxySession>();
  readonly #server: Server;

  private constructor(server: Server, databaseUrl: string) {
    this.#server = server;
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    this.url = url.href;
  }

  static async open(databaseUrl: string): Promise<CuttingProxy> {
    const target = new URL(databaseUrl);
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy = new CuttingProxy(server, databaseUrl);
    server.on('connection', (client) => {
      const session = new ProxySession(client, connect({ port: Number(target.port), host: target.hostname, noDelay: true }), (moment) =>
        proxy.atMoment(moment, session),
      );
      proxy.sessions.add(session);
      client.on('close', () => proxy.sessions.delete(session));
    });
    return proxy;
  }

  /** Does this at the next such moment, and resolves afterwards. */
  once(moment: Moment, action: (session: ProxySession) => Action | Promise<Action>): Promise<void> {
    return new Promise((resolve) => {
      this.atMoment = async (now, session) => {
        if (now !== moment) return 'pass';
        this.atMoment = () => 'pass';
        const chosen = await action(session);
        resolve();
        return chosen;
      };
    });
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

interface Upstream {
  readonly socket: Socket;
  /** The session that it serves now. */
  owner: ProxySession;
  backendPid: number;
}

export class ProxySession {
  readonly #client: Socket;
  #upstream: Upstream;
  readonly #ask: (moment: Moment) => Action | Promise<Action>;
  readonly #statements = new Map<string, string>();
  #phase: 'idle' | 'lock' | 'write' | 'commit' = 'idle';
  /** Answers that the client waits for, each ended by ReadyForQuery. */
  #pending = 0;
  #whenAnswered: (() => void) | null = null;
  #withheld: Buffer[] = [];
  #frozen = false;

  constructor(client: Socket, server: Socket, ask: (moment: Moment) => Action | Promise<Action>) {
    this.#client = client;
    this.#ask = ask;
    this.#upstream = { socket: server, owner: this, backendPid: 0 };
    client.on('error', () => {});
    client.on('close', () => this.#upstream.socket.destroy());
    readMessages(client, true, (message) => this.#fromClient(message));
    serve(this.#upstream);
  }

  get backendPid(): number {
    return this.#upstream.backendPid;
  }

  /** Resolves when every query so far is answered. */
  async answered(): Promise<void> {
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#whenAnswered = resolve;
      });
    }
  }

  /** From now on this client uses the other's session, which must be idle. Its own session and the other client are broken. */
  takeOver(other: ProxySession): void {
    const own = this.#upstream;
    this.#upstream = other.#upstream;
    this.#upstream.owner = this;
    other.#upstream = own;
    own.owner = other;
    other.destroy();
  }

  destroy(): void {
    this.#client.destroy();
    this.#upstream.socket.destroy();
  }

  async #fromClient(message: Buffer): Promise<void> {
    const moment = this.#momentOf(message);
    if (moment && !(await this.#passes(moment))) return;
    if (message[0] === QUERY || message[0] === SYNC) this.#pending += 1;
    if (!this.#frozen) this.#upstream.socket.write(message);
  }

  #momentOf(message: Buffer): Moment | null {
    if (message[0] === PARSE) {
      const [name = '', text = ''] = textsOf(message);
      this.#statements.set(name, text);
    }
    if (message[0] === BIND && this.#statements.get(textsOf(message)[1] ?? '')?.includes('assert_same_transaction')) {
      this.#phase = 'write';
      return 'write sent';
    }
    if (message[0] !== QUERY) return null;
    const [query = ''] = textsOf(message);
    if (query === 'COMMIT') this.#phase = 'commit';
    else this.#phase = query.startsWith('BEGIN') ? 'lock' : 'idle';
    return this.#phase === 'commit' ? 'commit sent' : this.#phase === 'lock' ? 'lock sent' : null;
  }

  async fromServer(message: Buffer): Promise<void> {
    const answers = message[0] === READY;
    if (answers) this.#pending -= 1;
    if (this.#phase === 'commit' && this.#pending <= 1 && !(answers && this.#pending > 0)) {
      // The answer to COMMIT is passed on only when all of it has arrived.
      this.#withheld.push(message);
      if (!answers) return;
      const passes = await this.#passes('commit answered');
      if (passes) for (const held of this.#withheld) this.#client.write(held);
      this.#withheld = [];
      this.#phase = 'idle';
    } else if (!this.#frozen) this.#client.write(message);
    if (!answers || this.#pending > 0) return;
    this.#whenAnswered?.();
    this.#whenAnswered = null;
    if (this.#phase === 'lock') {
      this.#phase = 'idle';
      await this.#passes('lock answered');
    }
  }

  async #passes(moment: Moment): Promise<boolean> {
    const action = await this.#ask(moment);
    if (action === 'cut') this.destroy();
    if (action === 'freeze') this.#frozen = true;
    return action === 'pass' && !this.#frozen;
  }
}

function serve(upstream: Upstream): void {
  upstream.socket.on('error', () => {});
  upstream.socket.on('close', () => upstream.owner.destroy());
  readMessages(upstream.socket, false, async (message) => {
    if (message[0] === KEY_DATA) upstream.backendPid = message.readInt32BE(5);
    await upstream.owner.fromServer(message);
  });
}

/** Splits a byte stream into messages and passes them on one after another. A client's first message has no type. */
function readMessages(socket: Socket, startsUntyped: boolean, handle: (message: Buffer) => Promise<void>): void {
  let rest: Buffer = Buffer.alloc(0);
  let untyped = startsUntyped;
  let last = Promise.resolve();
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const before = untyped ? 0 : 1;
      if (rest.length < before + 4) return;
      const length = before + rest.readUInt32BE(before);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      untyped = false;
      last = last.then(() => (socket.destroyed ? undefined : handle(message)));
    }
  });
}

/** The strings at the beginning of a message, each ended by NUL. */
function textsOf(message: Buffer): string[] {
  return message.toString('latin1', 5).split('\0', 2);
}
