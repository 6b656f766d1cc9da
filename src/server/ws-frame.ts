/**
 * Text frames as RFC 6455 (5.2) lays them out for a server: whole and unmasked. They are written past ws, which would turn
 * the text into bytes for every socket again and write header and payload apart.
 */
const WHOLE_TEXT = 0x81;
/** In the second byte: what the length is written in instead of itself. */
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;
const LARGEST_IN_2_BYTES = 0xffff;
const END = Buffer.from('}');

/** What all who asked the same are answered for one event: made into bytes once, however many sockets it goes to. */
export class EventText {
  readonly text: string;
  #bytes: Buffer | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes;
  }
}

/** What the frames of one operation begin with. */
export function operationHead(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}

/** A `next` message of graphql-transport-ws as one frame. */
export function nextFrame(head: Buffer, payload: Buffer): Buffer {
  const length = head.length + payload.length + END.length;
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
  head.copy(frame, start);
  payload.copy(frame, start + head.length);
  END.copy(frame, start + head.length + payload.length);
  return frame;
}
