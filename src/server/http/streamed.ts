/** Sends an answer while it is made, compressed if the client accepts that, and no faster than the client reads. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExportLimits } from '../limits.ts';
import { compressor, type Encoding, encodingOf } from './compression.ts';
import { API_CONTENT_POLICY, type Exchange } from './exchange.ts';

/** An answer that is sent in parts. */
export interface StreamedAnswer {
  /** Resolves when there is room for more. Throws when the client disconnected, stopped reading, or took too long. */
  write(part: string | Uint8Array): Promise<void>;
  /** Ends the answer, which is complete. */
  end(): void;
}

/** Whether the content is already compressed, and sent unchanged. */
interface Packed {
  readonly isPacked?: boolean;
}

/** Sends the head with the first part, so that an earlier error still gets its own answer. Each part is flushed through the encoder. */
export function streamed(
  exchange: Exchange,
  headers: readonly string[],
  limits: ExportLimits,
  { isPacked = false }: Packed = {},
): StreamedAnswer {
  const { request, response } = exchange;
  const encoding = isPacked ? null : encodingOf(request.headers['accept-encoding']);
  const encoder = encoding === null ? null : compressor(encoding);
  encoder?.pipe(response);
  const body = encoder ?? response;
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort(new Error('the client disconnected'));
    encoder?.destroy();
  });
  const over = AbortSignal.timeout(limits.exportMs);
  let isBegun = false;
  return {
    async write(part) {
      if (!isBegun) response.writeHead(200, headOf(exchange, headers, encoding));
      isBegun = true;
      const signal = AbortSignal.any([gone.signal, over]);
      signal.throwIfAborted();
      const hasRoom = body.write(part);
      encoder?.flush();
      if (!hasRoom) await drained(body, AbortSignal.any([signal, AbortSignal.timeout(limits.exportStallMs)]));
    },
    end() {
      body.end();
    },
  };
}

/** Sends only the head, to answer a HEAD request. */
export function sendHead(exchange: Exchange, headers: readonly string[], { isPacked = false }: Packed = {}): void {
  const encoding = isPacked ? null : encodingOf(exchange.request.headers['accept-encoding']);
  exchange.response.writeHead(200, headOf(exchange, headers, encoding)).end();
}

function headOf(exchange: Exchange, headers: readonly string[], encoding: Encoding | null): string[] {
  return [
    ...exchange.headers(),
    ...headers,
    ...['content-security-policy', API_CONTENT_POLICY, 'vary', 'accept-encoding'],
    ...(encoding === null ? [] : ['content-encoding', encoding]),
  ];
}

async function drained(body: Writable, signal: AbortSignal): Promise<void> {
  await once(body, 'drain', { signal });
}
