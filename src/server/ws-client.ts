import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { monotonicMs } from '../kernel/clock.ts';
import type { Limits } from './limits.ts';
import type { Place } from './live.ts';

/** The close codes the doors use; 4403 is graphql-transport-ws' Forbidden. */
const CLOSE_GOING_AWAY = 1001;
export const CLOSE_POLICY = 1008;
export const CLOSE_TRY_AGAIN = 1013;
export const CLOSE_FORBIDDEN = 4403;

/** How long the other side has to answer a close. */
const CLOSE_HANDSHAKE_MS = 5_000;

/** One WebSocket: what it was opened with, what runs on it, and how much may wait to be sent. */
export class WsClient {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly place: Place;
  /** The session cookie, where the origin may use it; the token of connection_init once that came. */
  token: string | null;
  /** Of the message that is being handled. */
  messageBytes = 0;
  readonly #socket: WebSocket;
  /** What `#socket` writes to. Without compression ws holds nothing back, so a whole frame may be written between its own. */
  readonly #raw: Duplex;
  readonly #limits: Pick<Limits, 'socketBufferBytes' | 'stalledSocketMs'>;
  #heardMs = monotonicMs();
  /** Queries and mutations that were accepted and not answered. */
  #answering = 0;
  #isDraining = false;
  #waiting = 0;

  constructor(
    socket: WebSocket,
    raw: Duplex,
    known: { id: string; address: string; userAgent: string | null; place: Place; token: string | null },
    limits: Pick<Limits, 'socketBufferBytes' | 'stalledSocketMs'>,
  ) {
    this.#socket = socket;
    this.#raw = raw;
    this.#limits = limits;
    this.id = known.id;
    this.address = known.address;
    this.userAgent = known.userAgent;
    this.place = known.place;
    this.token = known.token;
  }

  /**
   * Sends at once. While more than the limit waits to be sent the promise waits too, so that whoever awaits it makes
   * nothing more, and nothing more is read from the socket.
   */
  send(message: string): Promise<void> | undefined {
    const socket = this.#socket;
    return this.#write(message.length, (done) => socket.send(message, done));
  }

  /** The same with a frame that is laid out already. */
  sendFrame(frame: Buffer): Promise<void> | undefined {
    const raw = this.#raw;
    return this.#write(frame.length, (done) => raw.write(frame, done));
  }

  #write(length: number, write: (done?: () => void) => void): Promise<void> | undefined {
    const socket = this.#socket;
    if (!this.isOpen()) return undefined;
    if (socket.bufferedAmount + length <= this.#limits.socketBufferBytes) {
      write();
      return undefined;
    }
    this.#waiting += 1;
    socket.pause();
    return new Promise((resolve) => {
      write(() => {
        this.#waiting -= 1;
        if (this.#waiting === 0) socket.resume();
        resolve();
      });
    });
  }

  isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  close(code: number, reason: string): void {
    const socket = this.#socket;
    if (!this.isOpen()) return;
    socket.close(code, reason);
    const late = setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS).unref();
    socket.once('close', () => clearTimeout(late));
    // A paused socket would never see the answer.
    socket.resume();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  heard(): void {
    this.#heardMs = monotonicMs();
  }

  /** Asks whether anybody is there, or gives up. */
  beat(): void {
    if (monotonicMs() - this.#heardMs > this.#limits.stalledSocketMs) this.#socket.terminate();
    else if (this.isOpen()) this.#socket.ping();
  }

  accepted(): void {
    this.#answering += 1;
  }

  answered(): void {
    this.#answering -= 1;
    // The frame that completes the operation is written in this turn.
    if (this.#isDraining && this.#answering === 0) setImmediate(() => this.drain());
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
