/** Gives a large body more time than other requests, as long as it makes progress (ADR-0098). */

import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Rejection } from '../graphql/rejection.ts';

/** A slower body is refused. At this rate 200 MB take less than the hour that an upload may take. */
const LEAST_BODY_BYTES_PER_SECOND = 60_000;

/** Sockets whose request is timed by `pacedBody`. */
const paced = new WeakSet<object>();

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Does what node:http does with an invalid or timed-out request, but leaves alone bodies that `pacedBody` times. Node emits the
 * event once for each request, and does nothing itself if there is a listener.
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

/** Yields the pieces of a body. A body that arrives below the least rate in any window ends in a Rejection. */
export async function* pacedBody(
  request: IncomingMessage,
  pieces: AsyncIterable<Buffer>,
  windowMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const least = (LEAST_BODY_BYTES_PER_SECOND * windowMs) / 1_000;
  let bytes = 0;
  /** Set only while waiting for the sender: the sender is not slow while received bytes are still being written. */
  let giveUp: ((reason: Rejection) => void) | null = null;
  const timer = setInterval(() => {
    if (bytes < least) giveUp?.(Rejection.malformed('The file arrives too slowly: send it over a faster connection.', 408));
    bytes = 0;
  }, windowMs);
  const { socket } = request;
  paced.add(socket);
  const taken = pieces[Symbol.asyncIterator]();
  // Makes a promise for each piece: a race against one promise for the whole body would keep every piece in memory until the end.
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
