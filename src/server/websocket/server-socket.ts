/** The server's end of a WebSocket connection (RFC 6455). */

import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { monotonicMs } from '../../kernel/clock.ts';
import { CLOSE_POLICY, CLOSE_TRY_AGAIN, CODE_BYTES, closeFrame, LENGTH_IN_2_BYTES, LENGTH_IN_8_BYTES, pongFrame } from './frame.ts';

/** Further close codes, which only this file uses. */
const CLOSE_NO_STATUS = 1005;
const CLOSE_PROTOCOL_ERROR = 1002;
const CLOSE_INVALID_DATA = 1007;
const CLOSE_TOO_BIG = 1009;
const CLOSE_INTERNAL_ERROR = 1011;
/** How long the client has to answer a close, and to end the connection. */
const CLOSE_HANDSHAKE_MS = 5_000;

/** The kinds of frames (RFC 6455, 5.2). */
const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

const FINAL_BIT = 0x80;
const RESERVED_BITS = 0x70;
const KIND_BITS = 0x0f;
const CONTROL_BIT = 0x08;
const MASKED_BIT = 0x80;
const LENGTH_BITS = 0x7f;
const LARGEST_CONTROL_BYTES = 125;
const MASK_BYTES = 4;
const SMALLEST_HELD_BYTES = 256;

/** Receives the events of sockets. One object serves all sockets, so each call names the client. */
export interface SocketEvents<Client> {
  /** Called for a frame of any kind, before its content. Returns false if there are too many. */
  frame(client: Client): boolean;
  /** A whole message, with its size in bytes. */
  message(client: Client, text: string, bytes: number): void;
  /** How many bytes a message of this client may have now. */
  mostBytes(client: Client): number;
  /** The bytes kept of incomplete messages changed by this number. Returns false if all sockets together keep too many. */
  holds(client: Client, bytes: number): boolean;
  /** The client broke the protocol, or the connection was lost. The socket closes itself. */
  failed(client: Client, why: string): void;
  /** One of these functions threw. The socket closes itself. */
  threw(client: Client, error: unknown): void;
  /** The connection has ended. */
  closed(client: Client): void;
}

/** The property that leads from a connection to its ServerSocket, so that all connections share their listener functions. */
const END = Symbol('the WebSocket of a connection');

interface Connection extends Duplex {
  [END]?: { receive(chunk: Buffer): void; drained(): void; ended(): void; lost(error: Error): void; gone(): void };
}

/** The header of a frame; `start` and `end` delimit its payload. */
interface Header {
  readonly isFinal: boolean;
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The server's end of a WebSocket (RFC 6455) after its handshake, without extensions. It is written here because every idle
 * socket pays for it. A library has two streams, for frames and for writing: with their listeners they took a quarter of all
 * that a socket with a subscription took.
 */
export class ServerSocket<Client> {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #events: SocketEvents<Client>;
  #isOpen = true;
  /** Nothing more is read, because the client has closed, or broken the protocol. */
  #isDeaf = false;
  /** The beginning of an incomplete frame. */
  #held: GrowingBuffer | null = null;
  /** The beginning of an incomplete message in several frames. */
  #message: GrowingBuffer | null = null;
  /** The memory of both, in bytes. */
  #heldBytes = 0;
  /** When the incomplete message was begun; 0 if there is none. */
  #unfinishedSinceMs = 0;
  /** The payload of the latest unanswered ping. */
  #pingPayload: Buffer | null = null;
  #isText = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(connection: Duplex, client: Client, events: SocketEvents<Client>) {
    this.#connection = connection;
    this.#client = client;
    this.#events = events;
  }

  /** Starts reading. `head` is what arrived with the handshake. */
  begin(head: Buffer): void {
    const connection = this.#connection;
    connection[END] = this;
    if (head.length > 0) connection.unshift(head);
    connection.on('data', onData);
    connection.on('end', onEnd);
    connection.on('error', onError);
    connection.on('close', onClose);
    connection.resume();
  }

  /** True until one side closes. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How long the incomplete message has been arriving. */
  unfinishedMs(nowMs: number): number {
    return this.#unfinishedSinceMs === 0 ? 0 : nowMs - this.#unfinishedSinceMs;
  }

  /** Sends a close frame, waits for the answer, and ends the connection. */
  close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#connection.write(closeFrame(code, reason));
    this.#giveUpInTime();
  }

  /** Cuts the connection. */
  terminate(): void {
    this.#connection.destroy();
  }

  receive(chunk: Buffer): void {
    if (this.#isDeaf) return;
    try {
      this.#read(chunk);
    } catch (error) {
      // No message of a client may end more than its own socket.
      this.#events.threw(this.#client, error);
      this.#fail(CLOSE_INTERNAL_ERROR, 'an internal error');
    }
    if (!this.#isDeaf) this.#answerPing();
    this.#reportHeld();
  }

  /** Called when the connection accepts more bytes again. */
  drained(): void {
    this.#answerPing();
  }

  #read(chunk: Buffer): void {
    const held = this.#held;
    let bytes = chunk;
    if (held !== null) {
      held.add(chunk);
      bytes = held.bytes();
    }
    let at = 0;
    for (;;) {
      const header = this.#headerAt(bytes, at);
      if (this.#isDeaf) return;
      if (header === null || header.end > bytes.length) break;
      if (this.#events.frame(this.#client)) {
        this.#frame(header, bytes.subarray(header.start, header.end), bytes.subarray(header.start - MASK_BYTES, header.start));
      } else this.#fail(CLOSE_POLICY, 'Too many messages');
      if (this.#isDeaf) return;
      at = header.end;
    }
    if (at === bytes.length) this.#held = null;
    else if (held === null || at > 0) {
      this.#held = new GrowingBuffer();
      this.#held.add(bytes.subarray(at));
    }
  }

  /** Answers the last of several pings, as RFC 6455 allows (5.5.3), and only while the client reads what it is sent. */
  #answerPing(): void {
    const payload = this.#pingPayload;
    if (payload === null || !this.#isOpen) return;
    if (this.#connection.writableNeedDrain) {
      if (this.#connection.listenerCount('drain', onDrain) === 0) this.#connection.once('drain', onDrain);
      return;
    }
    this.#pingPayload = null;
    this.#connection.write(pongFrame(payload));
  }

  #reportHeld(): void {
    const bytes = (this.#held?.size ?? 0) + (this.#message?.size ?? 0);
    const more = bytes - this.#heldBytes;
    if (bytes === 0) this.#unfinishedSinceMs = 0;
    else if (this.#unfinishedSinceMs === 0) this.#unfinishedSinceMs = monotonicMs();
    if (more === 0) return;
    this.#heldBytes = bytes;
    if (!this.#events.holds(this.#client, more) && !this.#isDeaf) {
      this.#fail(CLOSE_TRY_AGAIN, 'Try again later');
      this.#reportHeld();
    }
  }

  /** Called when the client sends no more. */
  ended(): void {
    this.#isOpen = false;
    this.#connection.end();
    this.#giveUpInTime();
  }

  lost(error: Error): void {
    this.#events.failed(this.#client, error.message);
  }

  gone(): void {
    this.#isOpen = false;
    this.#isDeaf = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#held = null;
    this.#message = null;
    this.#reportHeld();
    this.#events.closed(this.#client);
  }

  /** Reads a frame's header; null if it is incomplete. Every error of a frame is found here, before its payload arrives. */
  #headerAt(bytes: Buffer, at: number): Header | null {
    const [first, second] = [bytes[at], bytes[at + 1]];
    if (first === undefined || second === undefined) return null;
    const kind = first & KIND_BITS;
    const isFinal = (first & FINAL_BIT) !== 0;
    const short = second & LENGTH_BITS;
    const wrong = this.#wrongWith(kind, isFinal, short);
    if ((first & RESERVED_BITS) !== 0) return this.#fail(CLOSE_PROTOCOL_ERROR, 'a reserved bit is set');
    if ((second & MASKED_BIT) === 0) return this.#fail(CLOSE_PROTOCOL_ERROR, 'a frame is not masked');
    if (wrong !== null) return this.#fail(CLOSE_PROTOCOL_ERROR, wrong);
    const lengthBytes = short === LENGTH_IN_2_BYTES ? 2 : short === LENGTH_IN_8_BYTES ? 8 : 0;
    const start = at + 2 + lengthBytes + MASK_BYTES;
    if (bytes.length < start) return null;
    const length = lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const before = (kind & CONTROL_BIT) === 0 ? (this.#message?.length ?? 0) : 0;
    if (before + length > this.#events.mostBytes(this.#client)) return this.#fail(CLOSE_TOO_BIG, 'a message is too large');
    return { isFinal, kind, start, end: start + length };
  }

  #wrongWith(kind: number, isFinal: boolean, length: number): string | null {
    if (kind === CLOSE || kind === PING || kind === PONG) {
      if (!isFinal) return 'a control frame is fragmented';
      return length > LARGEST_CONTROL_BYTES ? 'a control frame is too large' : null;
    }
    if (kind === CONTINUATION) return this.#message === null ? 'a message has no beginning' : null;
    if (kind === TEXT || kind === BINARY) return this.#message === null ? null : 'a message has no end';
    return 'a frame has an unknown opcode';
  }

  #frame({ isFinal, kind }: Header, payload: Buffer, mask: Buffer): void {
    unmask(payload, mask);
    if (kind === CLOSE) this.#closed(payload);
    else if (kind === PING) this.#pingPayload = Buffer.from(payload);
    else if (kind !== PONG) this.#part(kind, isFinal, payload);
  }

  #part(kind: number, isFinal: boolean, payload: Buffer): void {
    if (kind !== CONTINUATION) this.#isText = kind === TEXT;
    if (!isFinal) {
      this.#message ??= new GrowingBuffer();
      this.#message.add(payload);
      return;
    }
    const message = this.#message;
    this.#message = null;
    this.#unfinishedSinceMs = 0;
    message?.add(payload);
    const whole = message?.bytes() ?? payload;
    if (this.#isText && !isUtf8(whole)) this.#fail(CLOSE_INVALID_DATA, 'a text is not UTF-8');
    else if (this.#isOpen) this.#events.message(this.#client, whole.toString('utf8'), whole.length);
  }

  /** The client closes, or answers our close. */
  #closed(payload: Buffer): void {
    const code = payload.length >= CODE_BYTES ? payload.readUInt16BE(0) : CLOSE_NO_STATUS;
    if (payload.length === 1 || (payload.length > 0 && !mayBeSent(code))) {
      this.#fail(CLOSE_PROTOCOL_ERROR, 'a close frame has no valid code');
      return;
    }
    if (!isUtf8(payload.subarray(CODE_BYTES))) {
      this.#fail(CLOSE_INVALID_DATA, 'a reason is not UTF-8');
      return;
    }
    this.#isDeaf = true;
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#connection.write(closeFrame(payload.length === 0 ? null : code, ''));
    }
    this.#connection.end();
    this.#giveUpInTime();
  }

  /** Closes because the client broke the protocol or a limit. Nothing more is read. */
  #fail(code: number, why: string): null {
    this.#isDeaf = true;
    this.#held = null;
    this.#message = null;
    this.#events.failed(this.#client, why);
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#connection.write(closeFrame(code, code === CLOSE_POLICY || code === CLOSE_TRY_AGAIN ? why : ''));
    }
    this.#connection.end();
    this.#giveUpInTime();
    return null;
  }

  #giveUpInTime(): void {
    this.#timer ??= setTimeout(() => this.terminate(), CLOSE_HANDSHAKE_MS).unref();
    // A paused connection would never see the answer.
    this.#connection.resume();
  }
}

/** Bytes that arrive in pieces, in one buffer. It doubles, so that many small pieces cost no more copying than a few large ones. */
class GrowingBuffer {
  #bytes = Buffer.allocUnsafe(SMALLEST_HELD_BYTES);
  length = 0;

  add(piece: Buffer): void {
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.length);
    this.length = length;
  }

  /** Its memory, in bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

function unmask(payload: Buffer, mask: Buffer): void {
  const keys = [mask[0] ?? 0, mask[1] ?? 0, mask[2] ?? 0, mask[3] ?? 0];
  if (keys.every((key) => key === 0)) return;
  for (let index = 0; index < payload.length; index += 1) payload[index] = (payload[index] ?? 0) ^ (keys[index % MASK_BYTES] ?? 0);
}

/** Whether a close frame may carry this code (RFC 6455, 7.4, and IANA's registry). */
function mayBeSent(code: number): boolean {
  return (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);
}

function onData(this: Connection, chunk: Buffer): void {
  this[END]?.receive(chunk);
}

function onDrain(this: Connection): void {
  this[END]?.drained();
}

function onEnd(this: Connection): void {
  this[END]?.ended();
}

function onError(this: Connection, error: Error): void {
  this[END]?.lost(error);
  this.destroy();
}

function onClose(this: Connection): void {
  this[END]?.gone();
}
