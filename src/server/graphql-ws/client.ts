/** The state of one connected WebSocket client. */

import type { Duplex } from 'node:stream';
import { monotonicMs } from '../../kernel/clock.ts';
import type { LongLived, Place } from '../connections.ts';
import type { Limits } from '../limits.ts';
import { CLOSE_POLICY, PING_FRAME } from '../websocket/frame.ts';
import { ServerSocket, type SocketEvents } from '../websocket/server-socket.ts';

/** The close codes the doors use; 4403 is graphql-transport-ws' Forbidden. */
const CLOSE_GOING_AWAY = 1001;
export const CLOSE_FORBIDDEN = 4403;

const SECOND_MS = 1_000;

/** An operation that was asked for and has not ended. */
export interface Operation {
  /** As the client named it. */
  readonly id: string;
  /** The client wants no more of it. */
  stop(): void;
}

const NO_OPERATIONS: readonly Operation[] = [];

export interface KnownOfClient {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly place: Place;
  /** Of the cookies, where the origin may use them. */
  readonly tokens: readonly string[];
}

type ClientLimits = Pick<Limits, 'messagesPerSecond' | 'pingIntervalMs' | 'requestTimeoutMs' | 'socketBufferBytes' | 'stalledSocketMs'>;

/** One WebSocket: what it was opened with, what runs on it, and how much may wait to be sent. There are thousands: each field is paid for. */
export class WsClient implements LongLived {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly place: Place;
  /** Those of the cookies, where the origin may use them; once connection_init came, the one that was accepted, if any. */
  tokens: readonly string[];
  /** Until connection_init was received. */
  initTimer: NodeJS.Timeout | null = null;
  isInitialized = false;
  isAcknowledged = false;
  /** A token of its was accepted: it may send as much as HTTP's signed-in clients. */
  isSignedIn = false;
  /** Unfinished ones. Replaced, not changed: an array that was never added to is as small as what it holds. */
  operations: readonly Operation[] = NO_OPERATIONS;
  readonly #socket: ServerSocket<WsClient>;
  /** What `#socket` reads from and closes; frames are written to it whole. */
  readonly #raw: Duplex;
  readonly #limits: ClientLimits;
  #heardMs = monotonicMs();
  /** The pings of sockets that were opened in the same moment are spread over the interval. */
  #pingAtMs: number;
  /** Messages in the second that began then. */
  #secondMs = 0;
  #messages = 0;
  /** Queries and mutations that were accepted and not answered. */
  #answering = 0;
  #isDraining = false;
  /** Writes beyond the limit that were not taken yet, and who waits for that. */
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
    this.place = known.place;
    this.tokens = known.tokens;
  }

  /** From now on it is listened to. `head`: what came with the handshake. */
  begin(head: Buffer): void {
    this.#socket.begin(head);
  }

  /** Writes frames at once. Beyond the limit of what may wait the client is full, until that is taken: nothing more is read from its socket. */
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

  /** In place of the one with the same id, if there is one. */
  start(operation: Operation): void {
    this.operations = [...this.operations.filter(({ id }) => id !== operation.id), operation];
  }

  /** Answers the one that is forgotten; undefined: there is none. */
  forget(id: string): Operation | undefined {
    const operation = this.operation(id);
    if (operation) this.operations = this.operations.length === 1 ? NO_OPERATIONS : this.operations.filter((one) => one !== operation);
    return operation;
  }

  isFull(): boolean {
    return this.#untaken > 0;
  }

  /** `waiter` is called when the client is not full any more, or not at all. */
  whenTaken(waiter: { resume(): void }): void {
    this.#waiting ??= [];
    this.#waiting.push(waiter);
  }

  #taken(): void {
    this.#untaken -= 1;
    // It was not listened to meanwhile.
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

  /** Counts a message, or a part of one; returns whether the client is within its rate. */
  isWithinRate(): boolean {
    const nowMs = monotonicMs();
    if (nowMs - this.#secondMs >= SECOND_MS) {
      this.#secondMs = nowMs;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages <= this.#limits.messagesPerSecond;
  }

  /** Asks whether anybody is there, when it is time to, or gives up. */
  beat(nowMs: number): void {
    if (nowMs - this.#heardMs > this.#limits.stalledSocketMs) this.#socket.terminate();
    else if (this.#socket.unfinishedMs(nowMs) > this.#limits.requestTimeoutMs) this.close(CLOSE_POLICY, 'A message took too long');
    else if (nowMs >= this.#pingAtMs && this.isOpen()) {
      this.#pingAtMs = nowMs + this.#limits.pingIntervalMs;
      this.#raw.write(PING_FRAME);
    }
  }

  /** Its session has ended, or the server stops. */
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

  /** Closes once everything accepted is answered; subscriptions end with the socket, and resume elsewhere. */
  drain(): void {
    this.#isDraining = true;
    if (this.#answering === 0) this.close(CLOSE_GOING_AWAY, 'Going away');
  }

  isDraining(): boolean {
    return this.#isDraining;
  }
}
