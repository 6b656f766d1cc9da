import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../kernel/actor.ts';
import { monotonicMs } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import { cookieToken } from './credentials.ts';
import type { ExchangePolicy } from './exchange.ts';
import type { DoorPorts } from './json-door.ts';
import type { Live, Place } from './live.ts';
import { addressOf, originOf } from './origin.ts';
import { Rejection } from './rejection.ts';
import { CLOSE_POLICY, WsClient } from './ws-client.ts';
import { createProtocol, SUBPROTOCOL } from './ws-protocol.ts';

export interface WsDoorPorts extends DoorPorts, ExchangePolicy {
  authenticate(token: string): Actor | null | Promise<Actor | null>;
  readonly live: Live;
  readonly isBusy: () => boolean;
  readonly log: Logger;
}

export interface WsDoor {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly sockets: () => number;
  readonly operations: () => number;
  /** Cuts what is still open. */
  terminate(): void;
  close(): void;
}

/** Of a socket's name in the logs, which the server's other sockets share. */
const ID_PREFIX_LENGTH = 8;
/** How often the sockets are looked at within the interval of their pings. */
const LOOKS_PER_INTERVAL = 15;

/** The library's socket with our end of it, so that its events are heard by functions that all sockets share. */
class ClientSocket extends WebSocket {
  client: WsClient | null = null;
}

/** graphql-transport-ws at /graphql. */
export function createWsDoor(ports: WsDoorPorts): WsDoor {
  const { limits, live, log } = ports;
  const clients = new Set<WsClient>();
  const protocol = createProtocol(ports);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.largeBodyBytes,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
    WebSocket: ClientSocket,
  });
  const idPrefix = randomUUID().slice(0, ID_PREFIX_LENGTH);
  let opened = 0;
  const beat = setInterval(() => {
    const nowMs = monotonicMs();
    for (const client of clients) client.beat(nowMs);
  }, limits.pingIntervalMs / LOOKS_PER_INTERVAL).unref();

  function upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?', 1)[0];
    const isClosed = ports.isDraining() || ports.isBusy();
    const address = addressOf(request, ports.trustProxyHops);
    const place = path !== '/graphql' || isClosed ? null : live.open(address);
    if (place === null || place instanceof Rejection) {
      refuse(raw, path !== '/graphql' ? 404 : isClosed ? 503 : 429, limits.retryAfterSeconds);
      return;
    }
    closeWith(raw, place);
    opened += 1;
    // The cookie comes along whoever opens the socket, so it counts only where the page is one of ours.
    const token = originOf(request, ports).kind === 'foreign' ? null : cookieToken(request.headers.cookie);
    const known = { id: `${idPrefix}-${opened}`, address, userAgent: request.headers['user-agent'] ?? null, place, token };
    sockets.handleUpgrade(request, raw, head, (socket) => serve(socket, new WsClient(socket, raw, known, limits)));
  }

  function serve(socket: ClientSocket, client: WsClient): void {
    socket.client = client;
    clients.add(client);
    client.place.onEnd(client);
    socket.on('message', onMessage);
    socket.on('pong', onPong);
    socket.on('error', onError);
    socket.on('close', onClose);
    protocol.opened(client, socket.protocol);
  }

  function onMessage(this: WebSocket, data: WebSocket.RawData): void {
    const client = clientOf(this);
    if (client === null) return;
    client.heard();
    if (!client.isWithinRate()) {
      client.close(CLOSE_POLICY, 'Too many messages');
      return;
    }
    const text = String(data);
    protocol.receive(client, text, Buffer.byteLength(text));
  }

  function onPong(this: WebSocket): void {
    clientOf(this)?.heard();
  }

  /** ws closes the socket itself after an error of the other side, with the code that says which. */
  function onError(this: WebSocket, error: Error): void {
    log.debug({ socket: clientOf(this)?.id, err: error.message }, 'socket error');
  }

  function onClose(this: WebSocket): void {
    const client = clientOf(this);
    if (client === null || !clients.delete(client)) return;
    protocol.closed(client);
  }

  return {
    upgrade,
    sockets: () => clients.size,
    operations: protocol.operations,
    terminate() {
      for (const client of clients) client.terminate();
    },
    close() {
      clearInterval(beat);
      sockets.close();
    },
  };
}

/** Apart, because a function made beside others keeps what any of them uses: the request, for as long as the socket is open. */
function closeWith(raw: Duplex, place: Place): void {
  raw.on('close', () => place.close());
}

function clientOf(socket: WebSocket): WsClient | null {
  return socket instanceof ClientSocket ? socket.client : null;
}

function refuse(raw: Duplex, status: 404 | 429 | 503, retryAfterSeconds: number): void {
  const retry = status === 404 ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  raw.on('error', () => raw.destroy());
  raw.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`);
}
