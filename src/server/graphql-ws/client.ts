/** The state of one connected WebSocket client. */

import type { Duplex } from 'node:stream';
import { monotonicMs } from '../../kernel/clock.ts';
import type { LongLived, Registration } from '../connections.ts';
import type { Limits } from '../limits.ts';
import { CLOSE_POLICY, PING_FRAME } from '../websocket/frame.ts';
import { ServerSocket, type SocketEvents } from '../websocket/server-socket.ts';

/** Close codes; 4403 is graphql-transport-ws' Forbidden. */
const CLOSE_GOING_AWAY = 1001;
export const CLOSE_FORBIDDEN = 4403;

const SECOND_MS = 1_000;

/** An operation that was requested and has not ended. */
export interface Operation {
  /** The id that the client chose. */
  readonly id: string;
  /** Called when the client wants no more results. */
  stop(): void;
}

const NO_OPERATIONS: readonly Operation[] = [];

export interface KnownOfClient {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly registration: Registration;
  /** The tokens of the cookies, if the origin may use them. */
  readonly tokens: readonly string[];
}

type ClientLimits = Pick<Limits, 'messagesPerSecond' | 'pingIntervalMs' | 'requestTimeoutMs' | 'socketBufferBytes' | 'stalledSocketMs'>;

/** One WebSocket, with its credentials, its operations and its unsent bytes. There are thousands of them, so each field costs memory. */
export class WsClient implements LongLived {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly registration: Registration;
  /** The tokens of the cookies, if the origin may use them. After connection_init: the accepted token, if any. */
  tokens: readonly string[];
  /** Runs until connection_init is received. */
  initTimer: NodeJS.Timeout | null = null;
  isInitialized = false;
  isAcknowledged = false;
  /** One of its tokens was accepted, so it may send as much as a signed-in HTTP client. */
  isSignedIn = false;
  /** Unfinished operations. The array is replaced, not extended: an array that was never extended has no spare capacity. */
  operations: readonly Operation[] = NO_OPERATIONS;
  readonly #socket: ServerSocket<WsClient>;
  /** The connection that `#socket` reads and closes. Whole frames are written to it directly. */
  readonly #raw: Duplex;
  readonly #limits: ClientLimits;
  #heardMs = monotonicMs();
  /** The pings of sockets that were opened in the same moment are spread over the interval. */
  #pingAtMs: number;
  /** When the current second began, and the frames received in it. */
  #secondMs = 0;
  #messages = 0;
  /** Queries and mutations that were accepted and not answered yet. */
  #answering = 0;
  #isDraining = false;
  /** Writes beyond the limit that are not flushed yet, and the subscriptions that wait for them. */
  #untaken = 0;
  #waiting: { resume(): void }[] | null = null;

  constructor(raw: Duplex, known: KnownOfClient, limits: ClientLimits, events: SocketEvents<WsClient>) {
    this.#socket = new ServerSocket(raw, this, events);
    this.#raw = raw;
    this.#limits = limits;
    this.#pingAtMs = this.#heardMs + Math.random() * limits.pingIntervalMs;
    this.id = known.id;
    this.address = known.address;
    this.userAgent = known.userAgent;
    this.registration = known.registration;
    this.tokens = known.tokens;
  }

  /** Starts reading. `head` is what arrived with the handshake. */
  begin(head: Buffer): void {
    this.#socket.begin(head);
  }

  /** Writes frames at once. When too many bytes wait, the client is full until they are flushed, and its socket is not read. */
  write(frames: Buffer): void {
    if (!this.isOpen()) return;
    if (this.#raw.writableLength + frames.length <= this.#limits.socketBufferBytes) {
      this.#raw.write(frames);
      return;
    }
    this.#untaken += 1;
    this.#raw.pause();
    this.#raw.write(frames, () => this.#taken());
  }

  operation(id: string): Operation | undefined {
    return this.operations.find((operation) => operation.id === id);
  }

  /** Adds an operation, in place of the one with the same id, if any. */
  start(operation: Operation): void {
    this.operations = [...this.operations.filter(({ id }) => id !== operation.id), operation];
  }

  /** Removes an operation and returns it; undefined if there is none. */
  forget(id: string): Operation | undefined {
    const operation = this.operation(id);
    if (operation) this.operations = this.operations.length === 1 ? NO_OPERATIONS : this.operations.filter((one) => one !== operation);
    return operation;
  }

  isFull(): boolean {
    return this.#untaken > 0;
  }

  /** Calls `waiter` when the client is no longer full, or never if its connection ends first. */
  whenTaken(waiter: { resume(): void }): void {
    this.#waiting ??= [];
    this.#waiting.push(waiter);
  }

  #taken(): void {
    this.#untaken -= 1;
    // The socket was not read meanwhile, so the client's silence does not count.
    this.heard();
    if (this.#untaken > 0) return;
    this.#raw.resume();
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const waiter of waiting) waiter.resume();
  }

  isOpen(): boolean {
    return this.#socket.isOpen;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  heard(): void {
    this.#heardMs = monotonicMs();
  }

  /** Counts a frame; returns whether the client is within its rate. */
  isWithinRate(): boolean {
    const nowMs = monotonicMs();
    if (nowMs - this.#secondMs >= SECOND_MS) {
      this.#secondMs = nowMs;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages <= this.#limits.messagesPerSecond;
  }

  /** Sends a ping when one is due. Ends a client that is silent, or too slow to finish a message. */
  beat(nowMs: number): void {
    if (nowMs - this.#heardMs > this.#limits.stalledSocketMs) this.#socket.terminate();
    else if (this.#socket.unfinishedMs(nowMs) > this.#limits.requestTimeoutMs) this.close(CLOSE_POLICY, 'A message took too long');
    else if (nowMs >= this.#pingAtMs && this.isOpen()) {
      this.#pingAtMs = nowMs + this.#limits.pingIntervalMs;
      this.#raw.write(PING_FRAME);
    }
  }

  /** Called when its session has ended, or the server stops. */
  end(why: 'session' | 'drain'): void {
    if (why === 'session') this.close(CLOSE_FORBIDDEN, 'Forbidden');
    else this.drain();
  }

  accepted(): void {
    this.#answering += 1;
  }

  answered(): void {
    this.#answering -= 1;
    if (this.#isDraining && this.#answering === 0) this.drain();
  }

  /** Closes once every accepted query and mutation is answered. Subscriptions end with the socket; clients resume them elsewhere. */
  drain(): void {
    this.#isDraining = true;
    if (this.#answering === 0) this.close(CLOSE_GOING_AWAY, 'Going away');
  }

  isDraining(): boolean {
    return this.#isDraining;
  }
}
