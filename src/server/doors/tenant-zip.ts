/** Streams a whole tenant, while it is read, as a ZIP of tables with a manifest. */

import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Ports } from '../../domain/ports.ts';
import type { ExportForm } from '../../domain/report/export-form.ts';
import { exportTenant, type TenantExport, type TenantWriter } from '../../domain/report/export-tenant.ts';
import type { Acting } from '../../kernel/actor.ts';
import type { Exchange } from '../http/exchange.ts';
import { sendHead, streamed } from '../http/streamed.ts';
import type { ExportLimits } from '../limits.ts';
import { csvOf } from './csv.ts';

const HEADERS = ['content-type', 'application/zip', 'content-disposition', 'attachment; filename="tenant.zip"'];
/** For programs: the API's own names, RFC 3339 in UTC. */
const FORM: ExportForm = { separator: ',', language: null, timeZone: null };
/** The version of the manifest's layout. */
const MANIFEST_VERSION = 1;

/** One table of the ZIP, as the manifest names it. */
interface Part {
  readonly file: string;
  readonly rows: number;
  /** Uncompressed size. The digest too is of the uncompressed bytes. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads no faster than the client receives. When reading or sending fails, the other ends too. */
export async function sendTenant(
  exchange: Exchange,
  ports: Pick<Ports, 'reports' | 'sql'>,
  acting: Acting,
  limits: ExportLimits,
): Promise<void> {
  if (exchange.isHead) {
    sendHead(exchange, HEADERS, { isPacked: true });
    return;
  }
  const answer = streamed(exchange, HEADERS, limits, { isPacked: true });
  const zip = new ZipFile();
  const packed = zip.outputStream.pipe(new PassThrough());
  const parts = new Parts(zip);
  const reading = exportTenant(ports, acting, parts).then(
    (found) => {
      zip.addBuffer(Buffer.from(manifestOf(found, parts.done)), 'manifest.json');
      zip.end();
    },
    (error: Error) => {
      // Without its end, the sent part is not a valid ZIP.
      packed.destroy(error);
      throw error;
    },
  );
  const sending = (async () => {
    try {
      for await (const chunk of packed) await answer.write(chunk);
    } catch (error) {
      parts.abort(error);
      throw error;
    }
    answer.end();
  })();
  const [read, sent] = await Promise.allSettled([reading, sending]);
  const failed = [read, sent].find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Writes the tables into the ZIP, and counts their rows and bytes. */
class Parts implements TenantWriter {
  readonly done: Part[] = [];
  readonly #zip: ZipFile;
  readonly #aborted = new AbortController();
  #current: { readonly file: string; readonly columns: readonly string[]; readonly stream: PassThrough; readonly digest: Hash } | null =
    null;
  #rows = 0;
  #bytes = 0;

  constructor(zip: ZipFile) {
    this.#zip = zip;
  }

  begin(name: string, columns: readonly string[]): void {
    const [file, stream] = [`${name}.csv`, new PassThrough()];
    this.#zip.addReadStream(stream, file);
    this.#current = { file, columns, stream, digest: createHash('sha256') };
    this.#rows = 0;
    this.#bytes = 0;
  }

  async take(rows: readonly object[]): Promise<void> {
    const current = this.#current;
    if (current === null) throw new Error('no table was begun');
    this.#aborted.signal.throwIfAborted();
    const text = Buffer.from(csvOf(rows, current.columns, FORM, { isFirst: this.#bytes === 0 }));
    current.digest.update(text);
    this.#rows += rows.length;
    this.#bytes += text.length;
    if (!current.stream.write(text)) await once(current.stream, 'drain', { signal: this.#aborted.signal });
  }

  async end(): Promise<void> {
    if (this.#bytes === 0) await this.take([]);
    const current = this.#current;
    if (current === null) return;
    current.stream.end();
    this.done.push({ file: current.file, rows: this.#rows, bytes: this.#bytes, sha256: current.digest.digest('hex') });
    this.#current = null;
  }

  abort(reason: unknown): void {
    this.#aborted.abort(reason);
    this.#current?.stream.destroy();
  }
}

function manifestOf({ moment, name, totals }: TenantExport, files: readonly Part[]): string {
  return `${JSON.stringify({ format: 'revenda tenant export', version: MANIFEST_VERSION, tenant: name, moment, totals, files }, null, 2)}\n`;
}
