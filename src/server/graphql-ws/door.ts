/** Accepts WebSocket upgrades at /graphql, and pings and drains the sockets. */

import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Registration } from '../connections.ts';
import { Rejection } from '../graphql/rejection.ts';
import { cookieTokens } from '../http/credentials.ts';
import { addressOf, originOf } from '../http/origin.ts';
import { type Agreed, handshake } from '../websocket/handshake.ts';
import type { SocketEvents } from '../websocket/server-socket.ts';
import { WsClient } from './client.ts';
import type { WsHandlerPorts } from './ports.ts';
import { GraphqlTransportWs, SUBPROTOCOL } from './protocol.ts';

export interface WsHandler {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly sockets: () => number;
  readonly operations: () => number;
  /** Cuts all open sockets. */
  terminate(): void;
  close(): void;
}

/** Length of the prefix that the ids of all sockets of this server share in the logs. */
const ID_PREFIX_LENGTH = 8;
/** How long the client has to receive a refusal. */
const REFUSAL_MS = 5_000;
/** How many times within a ping interval the sockets are checked. */
const CHECKS_PER_INTERVAL = 15;

/** A status with its header lines, each of which ends in CRLF. */
interface Refused {
  readonly status: number;
  readonly headers: string;
}

/** graphql-transport-ws at /graphql. */
export function createWsHandler(ports: WsHandlerPorts): WsHandler {
  const { limits, connections, load, log } = ports;
  const clients = new Set<WsClient>();
  const protocol = new GraphqlTransportWs(ports);
  const retryAfter = `Retry-After: ${limits.retryAfterSeconds}\r\n`;
  const idPrefix = randomUUID().slice(0, ID_PREFIX_LENGTH);
  let opened = 0;
  let beatenMs = monotonicMs();
  const beat = setInterval(() => {
    const nowMs = monotonicMs();
    // After a pause of this process its timers fire before it reads what clients have sent: their silence does not count.
    const wasPaused = nowMs - beatenMs > limits.stalledSocketMs / 2;
    beatenMs = nowMs;
    for (const client of clients) {
      if (wasPaused) client.heard();
      client.beat(nowMs);
    }
  }, limits.pingIntervalMs / CHECKS_PER_INTERVAL).unref();

  const events: SocketEvents<WsClient> = {
    frame(client) {
      client.heard();
      return client.isWithinRate();
    },
    message(client, text, bytes) {
      protocol.receive(client, text, bytes);
    },
    mostBytes(client) {
      return client.isSignedIn ? limits.largeBodyBytes : limits.bodyBytes;
    },
    holds(_client, bytes) {
      load.bodyBytes += bytes;
      return bytes <= 0 || load.bodyBytes <= limits.pendingBodyBytes;
    },
    failed({ id }, why) {
      log.debug({ socket: id, err: why }, 'socket error');
    },
    threw({ id }, error) {
      log.error({ socket: id, err: error }, 'a message could not be served');
    },
    closed(client) {
      clients.delete(client);
      client.registration.close();
      protocol.closed(client);
    },
  };

  /** Returns the accepted handshake and the socket's registration, or the refusal. */
  function admit(request: IncomingMessage, address: string): { readonly agreed: Agreed; readonly registration: Registration } | Refused {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/graphql') return { status: 404, headers: '' };
    if (ports.isDraining() || ports.isBusy()) return { status: 503, headers: retryAfter };
    const agreed = handshake(request, SUBPROTOCOL);
    if ('status' in agreed) return agreed;
    const registration = connections.open(address);
    return registration instanceof Rejection ? { status: 429, headers: retryAfter } : { agreed, registration };
  }

  function upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    const address = addressOf(request, ports.trustProxyHops);
    const admitted = admit(request, address);
    if ('status' in admitted) {
      refuse(raw, admitted);
      return;
    }
    const { agreed, registration } = admitted;
    opened += 1;
    // A browser sends the cookie whichever page opens the socket, so it counts only for allowed origins.
    const tokens = originOf(request, ports).kind === 'foreign' ? [] : cookieTokens(request.headers.cookie);
    const known = { id: `${idPrefix}-${opened}`, address, userAgent: request.headers['user-agent'] ?? null, registration, tokens };
    const client = new WsClient(raw, known, limits, events);
    clients.add(client);
    registration.onEnd(client);
    raw.write(agreed.answer);
    protocol.opened(client, agreed.subprotocol);
    client.begin(head);
  }

  return {
    upgrade,
    sockets: () => clients.size,
    operations: () => protocol.operations(),
    terminate() {
      for (const client of clients) client.terminate();
    },
    close() {
      clearInterval(beat);
    },
  };
}

/** node:http does not close a connection that requested an upgrade. It is closed here, once the refusal is sent, or after REFUSAL_MS. */
function refuse(raw: Duplex, { headers, status }: Refused): void {
  const late = setTimeout(() => raw.destroy(), REFUSAL_MS).unref();
  raw.on('error', () => raw.destroy());
  raw.once('close', () => clearTimeout(late));
  raw.once('finish', () => raw.destroy());
  raw.resume();
  raw.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}
