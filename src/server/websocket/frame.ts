/**
 * Builds a server's frames (RFC 6455, 5.2): whole and unmasked, header and payload in one buffer that many sockets share.
 */
const WHOLE_TEXT = 0x81;
/** Values of the second byte, for lengths that follow in 2 or 8 bytes. */
export const LENGTH_IN_2_BYTES = 126;
export const LENGTH_IN_8_BYTES = 127;
const LARGEST_IN_2_BYTES = 0xffff;

/** The close codes of RFC 6455 (7.4.1) that both the socket and its client use. */
export const CLOSE_POLICY = 1008;
export const CLOSE_TRY_AGAIN = 1013;

/** A ping without a payload. */
export const PING_FRAME = Buffer.from([0x89, 0]);

/** Control frames, whose payloads have 125 bytes at most. */
const PONG = 0x8a;
const CLOSE = 0x88;
export const CODE_BYTES = 2;

/** The answer to a ping, with its payload. */
export function pongFrame(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([PONG, payload.length]), payload]);
}

/** Null stands for no code. The reason has 123 bytes at most. */
export function closeFrame(code: number | null, reason: string): Buffer {
  const length = code === null ? 0 : CODE_BYTES + Buffer.byteLength(reason);
  const frame = Buffer.alloc(2 + length);
  frame[0] = CLOSE;
  frame[1] = length;
  if (code !== null) {
    frame.writeUInt16BE(code, 2);
    frame.write(reason, 2 + CODE_BYTES);
  }
  return frame;
}

/** The answer for one event as JSON, which all subscribers with the same request share. */
export class EventText {
  readonly text: string;
  /** The latest frame. It is reused, because most clients number their operations alike. */
  #id = '';
  #frame: Buffer | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** The `next` message of an operation as a frame. Successive calls with the same id share the bytes. */
  frame(id: string): Buffer {
    if (this.#frame === null || this.#id !== id) {
      this.#frame = nextFrame(id, this.text);
      this.#id = id;
    }
    return this.#frame;
  }
}

/** A `next` message of graphql-transport-ws as one frame; the payload is JSON. */
export function nextFrame(id: string, payload: string): Buffer {
  return textFrame(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
}

/** Any other message as one frame. */
export function messageFrame(message: object): Buffer {
  return textFrame(JSON.stringify(message));
}

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < LENGTH_IN_2_BYTES ? 2 : length <= LARGEST_IN_2_BYTES ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = WHOLE_TEXT;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}

let joined: { readonly id: string; readonly texts: readonly EventText[]; readonly bytes: Buffer } | null = null;

/**
 * Joins the frames of several events, to be written at once. The next subscriber has often missed the same events, so the
 * latest bytes are kept: they are made once, and all slow sockets share them.
 */
export function joinedFrames(id: string, texts: readonly EventText[]): Buffer {
  const [first] = texts;
  if (first !== undefined && texts.length === 1) return first.frame(id);
  if (joined !== null && joined.id === id && areSame(joined.texts, texts)) return joined.bytes;
  const bytes = Buffer.concat(texts.map((text) => text.frame(id)));
  joined = { id, texts: [...texts], bytes };
  return bytes;
}

function areSame(some: readonly EventText[], others: readonly EventText[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}
