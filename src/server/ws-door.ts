import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../kernel/actor.ts';
import type { Logger } from '../kernel/log.ts';
import { cookieToken } from './credentials.ts';
import type { ExchangePolicy } from './exchange.ts';
import type { DoorPorts } from './json-door.ts';
import type { Live, Place } from './live.ts';
import { addressOf, originOf } from './origin.ts';
import { Rejection } from './rejection.ts';
import { CLOSE_FORBIDDEN, CLOSE_POLICY, CLOSE_TRY_AGAIN, WsClient } from './ws-client.ts';
import { createProtocol } from './ws-protocol.ts';

export interface WsDoorPorts extends DoorPorts, ExchangePolicy {
  authenticate(token: string): Promise<Actor | null>;
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

/** graphql-transport-ws at /graphql. */
export function createWsDoor(ports: WsDoorPorts): WsDoor {
  const { limits, live, log } = ports;
  const clients = new Set<WsClient>();
  const protocol = createProtocol(ports);
  const messages = new RateLimiterMemory({ points: limits.messagesPerSecond, duration: 1 });
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.largeBodyBytes,
    handleProtocols,
  });
  const beat = setInterval(() => {
    for (const client of clients) client.beat();
  }, limits.pingIntervalMs).unref();

  function upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?', 1)[0];
    const isClosed = ports.isDraining() || ports.isBusy();
    const address = addressOf(request, ports.trustProxyHops);
    const place = path !== '/graphql' || isClosed ? null : live.open(address);
    if (place === null || place instanceof Rejection) {
      refuse(raw, path !== '/graphql' ? 404 : isClosed ? 503 : 429, limits.retryAfterSeconds);
      return;
    }
    raw.once('close', place.close);
    sockets.handleUpgrade(request, raw, head, (socket) => {
      // The cookie comes along whoever opens the socket, so it counts only where the page is one of ours.
      const token = originOf(request, ports).kind === 'foreign' ? null : cookieToken(request.headers.cookie);
      const userAgent = request.headers['user-agent'] ?? null;
      serve(socket, new WsClient(socket, raw, { id: randomUUID(), address, userAgent, place, token }, limits), place);
    });
  }

  function serve(socket: WebSocket, client: WsClient, place: Place): void {
    clients.add(client);
    place.onEnd((why) => (why === 'session' ? client.close(CLOSE_FORBIDDEN, 'Forbidden') : client.drain()));

    let receive: (message: string) => Promise<void> = async () => {};
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (frame) => client.send(frame),
        close: (code = CLOSE_TRY_AGAIN, reason = '') => client.close(code, reason),
        onMessage(callback) {
          receive = callback;
        },
      },
      client,
    );

    async function onMessage(data: WebSocket.RawData): Promise<void> {
      client.heard();
      const isWithinRate = await messages.consume(client.id).then(
        () => true,
        () => false,
      );
      if (!isWithinRate) {
        client.close(CLOSE_POLICY, 'Too many messages');
        return;
      }
      const message = String(data);
      // Read before the first await of the handler, so that it is of this message.
      client.messageBytes = Buffer.byteLength(message);
      await receive(message);
    }

    socket.on('message', (data) => {
      onMessage(data).catch((error: unknown) => {
        ports.pipeline.reject(error, client.id);
        client.close(CLOSE_TRY_AGAIN, 'Try again later');
      });
    });
    socket.on('pong', () => client.heard());
    // ws closes the socket itself after an error of the other side, with the code that says which.
    socket.on('error', (error) => log.debug({ socket: client.id, err: error.message }, 'socket error'));
    socket.once('close', (code, reason) => {
      clients.delete(client);
      closed(code, String(reason)).catch((error: unknown) => ports.pipeline.reject(error, client.id));
    });
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

function refuse(raw: Duplex, status: 404 | 429 | 503, retryAfterSeconds: number): void {
  const retry = status === 404 ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  raw.on('error', () => raw.destroy());
  raw.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`);
}
