/** Receives request bodies within the limits of one request and of the whole server. */

import type { IncomingMessage } from 'node:http';
import { Overloaded } from '../../kernel/errors.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Limits } from '../limits.ts';

/** How much of a refused body is still received: closing at once would lose the answer. */
const DISCARDED_BYTES = 16_000_000;

/** The unanswered requests of the server, and the bytes of their bodies. */
export interface Load {
  requests: number;
  bodyBytes: number;
}

/** The request whose body is received, and how many of its bytes are in memory. */
interface Receiving {
  readonly request: IncomingMessage;
  heldBytes: number;
}

/**
 * Receives a body and calls `done` once, with the body or the refusal; never for a client that disconnected. Bytes that it
 * adds to `load` it also adds to `exchange.heldBytes`. The caller subtracts them when the request is answered.
 */
export function receiveBody(
  exchange: Receiving,
  load: Load,
  limits: Pick<Limits, 'largeBodyBytes' | 'pendingBodyBytes' | 'retryAfterSeconds'>,
  done: (body: Buffer | Rejection) => void,
): void {
  const { request } = exchange;
  let chunks: Buffer[] = [];
  let bytes = 0;
  let refusal: Rejection | null = null;

  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (refusal) {
      if (bytes > DISCARDED_BYTES) request.destroy();
    } else if (bytes > limits.largeBodyBytes) {
      refusal = Rejection.tooLarge(limits.largeBodyBytes);
      chunks = [];
    } else if (load.bodyBytes + chunk.length > limits.pendingBodyBytes) {
      refusal = Rejection.of(new Overloaded(limits.retryAfterSeconds), 503);
      chunks = [];
    } else {
      load.bodyBytes += chunk.length;
      exchange.heldBytes += chunk.length;
      chunks.push(chunk);
    }
  });
  request.on('end', () => {
    const [only] = chunks;
    done(refusal ?? (only && chunks.length === 1 ? only : Buffer.concat(chunks)));
  });
}
