/** Gives a body that may be large more time than a request has, for as long as it makes progress (ADR-0098). */

import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Rejection } from '../graphql/rejection.ts';

/** A body that comes more slowly is given up: 200 MB then take less than the hour that an upload has. */
const LEAST_BODY_BYTES_PER_SECOND = 60_000;

/** Sockets whose request is paced by its own reader. */
const paced = new WeakSet<object>();

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * What node:http does with a request that it cannot take, or whose time is over, but for bodies that are paced: node says it of each
 * request once, and leaves it alone when a listener does.
 */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && paced.has(socket)) return;
    const answer: unknown = Reflect.get(socket, '_httpMessage');
    const isBegun = typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true;
    if (socket.writable && !isBegun) {
      socket.write(`HTTP/1.1 ${ANSWERS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`, 'latin1');
    }
    socket.destroySoon();
  });
}

/** The pieces of a body, each window of which brings the least rate; what comes too slowly ends in a Rejection. */
export async function* pacedBody(
  request: IncomingMessage,
  pieces: AsyncIterable<Buffer>,
  windowMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const least = (LEAST_BODY_BYTES_PER_SECOND * windowMs) / 1_000;
  let bytes = 0;
  /** Set while the sender is waited for: while what came is still being written, it is not the sender who is slow. */
  let giveUp: ((reason: Rejection) => void) | null = null;
  const timer = setInterval(() => {
    if (bytes < least) giveUp?.(Rejection.malformed('The file comes too slowly: send it over a faster connection.', 408));
    bytes = 0;
  }, windowMs);
  const { socket } = request;
  paced.add(socket);
  const taken = pieces[Symbol.asyncIterator]();
  // A promise for each piece: a race against one that lives as long as the body would keep every piece until its end.
  const take = () =>
    new Promise<IteratorResult<Buffer>>((resolve, reject) => {
      giveUp = reject;
      taken.next().then(resolve, reject);
    });
  try {
    for (;;) {
      const next = await take();
      giveUp = null;
      if (next.done === true) return;
      bytes += next.value.length;
      yield next.value;
    }
  } finally {
    clearInterval(timer);
    paced.delete(socket);
    void taken.return?.().catch(() => {});
  }
}
