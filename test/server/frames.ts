/** Builds WebSocket frames by hand. */

import { randomBytes } from 'node:crypto';

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

interface FrameOptions {
  readonly isFinal?: boolean;
  readonly mask?: Buffer;
}

/** A frame as a client sends it (RFC 6455, 5.2): masked. */
export function frameOf(kind: number, payload: string | Buffer, { isFinal = true, mask = randomBytes(4) }: FrameOptions = {}): Buffer {
  const bytes = Buffer.from(payload);
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | kind]), lengthOf(bytes.length), mask, masked]);
}

function lengthOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  const long = length > 0xffff;
  const bytes = Buffer.alloc(long ? 9 : 3);
  bytes[0] = 0x80 | (long ? 127 : 126);
  if (long) bytes.writeBigUInt64BE(BigInt(length), 1);
  else bytes.writeUInt16BE(length, 1);
  return bytes;
}

/** The payload of a close frame; a null code makes it empty. */
export function closeFrameOf(code: number | null, reason: string | Buffer = ''): Buffer {
  const bytes = Buffer.alloc(code === null ? 0 : 2);
  if (code !== null) bytes.writeUInt16BE(code);
  return frameOf(CLOSE, Buffer.concat([bytes, Buffer.from(reason)]));
}
