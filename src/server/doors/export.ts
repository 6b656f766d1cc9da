/** Serves exports as CSV under /export. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { decodeIdOf } from '../../../schema/core/global-id.ts';
import { refuseOneTimePassword, refuseSupport } from '../../domain/input.ts';
import type { Ports } from '../../domain/ports.ts';
import type { Export } from '../../domain/report/export.ts';
import { exportCustomers } from '../../domain/report/export-customers.ts';
import { writerFor } from '../../domain/report/export-form.ts';
import { exportStatement } from '../../domain/report/export-statement.ts';
import type { Actor } from '../../kernel/actor.ts';
import { LimitExceeded, Overloaded, Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { Rejection } from '../graphql/rejection.ts';
import { compressor, type Encoding, encodingOf } from '../http/compression.ts';
import { API_CONTENT_POLICY, type Exchange } from '../http/exchange.ts';
import type { ExportLimits } from '../limits.ts';

export const EXPORT_PATHS: ReadonlySet<string> = new Set(['/export/statement.csv', '/export/customers.csv']);

const STATUSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  OVERLOADED: 503,
  LIMIT_EXCEEDED: 429,
};

/**
 * Sends tables as CSV while they are read: RFC 4180 in UTF-8 with a byte order mark, and no formula that
 * somebody wrote into a name. Separator, language and time zone are the reader's choice.
 */
export function createExportDoor(
  ports: Pick<Ports, 'sql' | 'reports'>,
  limits: ExportLimits,
  log: Logger,
): (exchange: Exchange) => Promise<void> {
  const running = new Map<string, number>();
  let total = 0;

  /** A place, to be given back. */
  function enter(tenantId: string): () => void {
    const ofTenant = running.get(tenantId) ?? 0;
    if (ofTenant >= limits.exportsPerTenant)
      throw new LimitExceeded(`${limits.exportsPerTenant} exports of your tenant are being sent: wait for one to end.`);
    if (total >= limits.exports) throw new Overloaded(limits.retryAfterSeconds, 'Too many exports are being sent: try again.');
    total += 1;
    running.set(tenantId, ofTenant + 1);
    return () => {
      total -= 1;
      const left = (running.get(tenantId) ?? 1) - 1;
      if (left > 0) running.set(tenantId, left);
      else running.delete(tenantId);
    };
  }

  async function answer(exchange: Exchange, actor: Actor): Promise<void> {
    const { pathname, searchParams } = new URL(exchange.request.url ?? '/', 'http://localhost');
    const leave = enter(actor.tenantId);
    try {
      const found =
        pathname === '/export/customers.csv'
          ? await exportCustomers(ports, actor, searchParams)
          : await exportStatement(ports, actor, searchParams, (id) => decodeIdOf({ actor }, 'Reseller', id));
      await sendExport(exchange, found, limits);
    } finally {
      leave();
    }
  }

  return async (exchange) => {
    const { actor, response } = exchange;
    try {
      if (actor === null) throw new Unauthenticated();
      refuseOneTimePassword(actor);
      refuseSupport(actor);
      await answer(exchange, actor);
    } catch (error) {
      if (response.headersSent) {
        // What was sent is not all, and must not look as if it were.
        if (!response.destroyed) log.warn({ requestId: exchange.requestId, err: error }, 'an export was cut');
        response.destroy();
      } else if (error instanceof Refusal) exchange.reject(Rejection.of(error, STATUSES[error.code] ?? 403));
      else throw error;
    }
  };
}

/** The head goes with the first page: until then an error can still be answered as one. Each page is flushed through the encoding. */
export async function sendExport(exchange: Exchange, { columns, form, name, read }: Export, limits: ExportLimits): Promise<void> {
  const { request, response } = exchange;
  const encoding = encodingOf(request.headers['accept-encoding']);
  if (exchange.isHead) {
    response.writeHead(200, headersOf(exchange, name, encoding)).end();
    return;
  }
  const encoder = encoding === null ? null : compressor(encoding);
  encoder?.pipe(response);
  const body = encoder ?? response;
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort(new Error('the reader went away'));
    encoder?.destroy();
  });
  const over = AbortSignal.timeout(limits.exportMs);
  const writer = writerFor(form);
  let isBegun = false;
  const write = async (rows: readonly object[]) => {
    const text = stringify([...rows], {
      bom: !isBegun,
      header: !isBegun,
      columns: columns.map((key) => ({ key, header: writer.heading(key) })),
      delimiter: form.separator,
      record_delimiter: 'windows',
      cast: {
        date: (time) => writer.time(time),
        string: (text, { column, header }) => (header ? text : writer.text(text, String(column))),
      },
    });
    if (!isBegun) response.writeHead(200, headersOf(exchange, name, encoding));
    isBegun = true;
    const signal = AbortSignal.any([gone.signal, over]);
    signal.throwIfAborted();
    const hasRoom = body.write(text);
    encoder?.flush();
    if (!hasRoom) await drained(body, AbortSignal.any([signal, AbortSignal.timeout(limits.exportStallMs)]));
  };
  await read(write);
  if (!isBegun) await write([]);
  body.end();
}

function headersOf(exchange: Exchange, name: string, encoding: Encoding | null): string[] {
  return [
    ...exchange.headers(),
    ...['content-type', 'text/csv; charset=utf-8', 'content-disposition', `attachment; filename="${name}.csv"`],
    ...['content-security-policy', API_CONTENT_POLICY, 'vary', 'accept-encoding'],
    ...(encoding === null ? [] : ['content-encoding', encoding]),
  ];
}

async function drained(body: Writable, signal: AbortSignal): Promise<void> {
  await once(body, 'drain', { signal });
}
