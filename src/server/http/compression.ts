/** Chooses how an answer is compressed, and compresses it off the main thread. */

import { promisify } from 'node:util';
import { type BrotliCompress, brotliCompress, constants, createBrotliCompress, createGzip, type Gzip, gzip } from 'node:zlib';
import { weighted } from './weighted.ts';

export type Encoding = 'br' | 'gzip';

/** The lowest of brotli's twelve qualities whose answers are smaller than gzip's (ADR-0056 has the figures). */
const BROTLI_QUALITY = 4;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** The encoding that Accept-Encoding weighs highest, gzip first among equals (ADR-0056); null if it accepts none of ours. */
export function encodingOf(acceptEncoding: string | undefined): Encoding | null {
  if (acceptEncoding === undefined) return null;
  const weights = new Map(weighted(acceptEncoding).map(({ value, weight }) => [value, weight]));
  const weightOf = (encoding: string) => weights.get(encoding) ?? weights.get('*') ?? 0;
  const [brotliWeight, gzipWeight] = [weightOf('br'), Math.max(weightOf('gzip'), weights.get('x-gzip') ?? 0)];
  const best = Math.max(brotliWeight, gzipWeight);
  // The uncompressed form is acceptable unless it is refused, and wins only where it is preferred by name (RFC 9110, 12.5.3).
  if (best === 0 || best < (weights.get('identity') ?? 0)) return null;
  return gzipWeight === best ? 'gzip' : 'br';
}

/** Whether Accept-Encoding accepts this encoding, by name or by a star, and not with weight 0. */
export function takes(acceptEncoding: string | undefined, encoding: Encoding): boolean {
  if (acceptEncoding === undefined) return false;
  const weights = new Map(weighted(acceptEncoding).map(({ value, weight }) => [value, weight]));
  return (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
}

/** A compressor for an answer that is sent in parts. The caller flushes it after each part. */
export function compressor(encoding: Encoding): BrotliCompress | Gzip {
  return encoding === 'gzip' ? createGzip() : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
}

export function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return zip(body);
  return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
}
