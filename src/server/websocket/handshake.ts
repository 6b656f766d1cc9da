/** The server's part of the WebSocket opening handshake (RFC 6455, 4.2). */

import { createHash } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';

/** Hashed with the client's key, to show that the server understood the request (RFC 6455, 1.3). */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const VERSION = '13';
/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** A token of RFC 9110. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A refused handshake: the status that says why, and its header lines. */
interface BadHandshake {
  readonly status: 400 | 405 | 426;
  readonly headers: string;
}

/** An accepted handshake: the answer to write, and the agreed subprotocol, or null if the client did not offer ours. */
export interface Agreed {
  readonly answer: string;
  readonly subprotocol: string | null;
}

/** The server's part of the opening handshake (RFC 6455, 4.2). Extensions are not accepted, not even compression. */
export function handshake({ headers, method }: IncomingMessage, subprotocol: string): Agreed | BadHandshake {
  if (method !== 'GET') return { status: 405, headers: 'Allow: GET\r\n' };
  const key = headers['sec-websocket-key'];
  if (headers.upgrade?.toLowerCase() !== 'websocket' || key === undefined || !KEY.test(key)) return { status: 400, headers: '' };
  if (headers['sec-websocket-version'] !== VERSION)
    return { status: 426, headers: `Upgrade: websocket\r\nSec-WebSocket-Version: ${VERSION}\r\n` };
  const offered = headers['sec-websocket-protocol']?.split(',').map((one) => one.trim()) ?? [];
  if (offered.some((one) => !TOKEN.test(one))) return { status: 400, headers: '' };
  const agreed = offered.includes(subprotocol) ? subprotocol : null;
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const answer = [
    `HTTP/1.1 101 ${STATUS_CODES[101]}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(agreed === null ? [] : [`Sec-WebSocket-Protocol: ${agreed}`]),
  ];
  return { answer: `${answer.join('\r\n')}\r\n\r\n`, subprotocol: agreed };
}
