/** Serves exports as CSV under /export. */

import { z } from 'zod';
import { decodeIdOf } from '../../../schema/core/global-id.ts';
import { exportProof } from '../../domain/imports/export-proof.ts';
import { refuseOneTimePassword, refuseService, refuseSupport } from '../../domain/input.ts';
import type { Ports } from '../../domain/ports.ts';
import { type Export, readParameters } from '../../domain/report/export.ts';
import { exportCustomerPayments } from '../../domain/report/export-customer-payments.ts';
import { exportCustomers } from '../../domain/report/export-customers.ts';
import { exportReport } from '../../domain/report/export-report.ts';
import { exportStatement } from '../../domain/report/export-statement.ts';
import type { Actor } from '../../kernel/actor.ts';
import { Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Exchange } from '../http/exchange.ts';
import { sendHead, streamed } from '../http/streamed.ts';
import type { ExportLimits } from '../limits.ts';
import { csvOf } from './csv.ts';
import type { TakeExportSlot } from './export-slots.ts';
import { sendTenant } from './tenant-zip.ts';

const PAYMENTS_PATH = '/export/customer-payments.csv';
const REPORT_PATH = '/export/report.csv';
const PROOF_PATH = '/export/import-proof.csv';
const TENANT_PATH = '/export/tenant.zip';
export const EXPORT_PATHS: ReadonlySet<string> = new Set([
  ...['/export/statement.csv', '/export/customers.csv'],
  ...[PAYMENTS_PATH, REPORT_PATH, PROOF_PATH, TENANT_PATH],
]);

const STATUSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  OVERLOADED: 503,
  LIMIT_EXCEEDED: 429,
};

type ReadPorts = Pick<Ports, 'reports' | 'sql' | 'topology'>;

/** A read replica for exports. */
export interface ExportReplica {
  /** Clients that read the replica, once it has everything committed before the call. Null: read the primary. */
  caughtUp(): Promise<Pick<Ports, 'reports'> | null>;
  /** Call this when a read from the replica failed. */
  failed(): void;
}

/** The export of a whole tenant has no parameters. */
const NONE = z.strictObject({});

/**
 * Streams tables as CSV while they are read: RFC 4180 in UTF-8 with a byte order mark, with formulas in
 * names made harmless. The client chooses separator, language and time zone.
 */
export function createExportHandler(
  ports: ReadPorts,
  limits: ExportLimits,
  takeSlot: TakeExportSlot,
  log: Logger,
  replica: ExportReplica | null,
): (exchange: Exchange) => Promise<void> {
  function tableAt(pathname: string, read: ReadPorts, actor: Actor, parameters: URLSearchParams): Promise<Export> {
    if (pathname === '/export/customers.csv') return exportCustomers(read, actor, parameters);
    if (pathname === PAYMENTS_PATH) return exportCustomerPayments(read, actor, parameters);
    if (pathname === PROOF_PATH) return exportProof(read, actor, parameters, (id) => decodeIdOf({ actor }, 'Import', id));
    const reseller = (id: string) => decodeIdOf({ actor }, 'Reseller', id);
    if (pathname === REPORT_PATH) return exportReport(read, actor, parameters, reseller);
    return exportStatement(read, actor, parameters, reseller);
  }

  /** Reads the replica if it is up to date. If that fails before anything is sent, reads the primary. Rights are checked on the primary. */
  async function sendTable(exchange: Exchange, actor: Actor, { pathname, searchParams }: URL): Promise<void> {
    const clients = await replica?.caughtUp();
    if (clients) {
      try {
        const read = { ...ports, reports: clients.reports };
        await sendExport(exchange, await tableAt(pathname, read, actor, searchParams), limits);
        return;
      } catch (error) {
        const { headersSent, destroyed } = exchange.response;
        if (error instanceof Refusal || headersSent || destroyed) throw error;
        replica?.failed();
      }
    }
    await sendExport(exchange, await tableAt(pathname, ports, actor, searchParams), limits);
  }

  async function answer(exchange: Exchange, actor: Actor): Promise<void> {
    const url = new URL(exchange.request.url ?? '/', 'http://localhost');
    const release = takeSlot(actor.tenantId);
    try {
      if (url.pathname === TENANT_PATH) {
        readParameters(NONE, url.searchParams);
        // This export writes before it reads, so it reads the primary.
        await sendTenant(exchange, ports, { actor, address: exchange.address }, limits);
        return;
      }
      await sendTable(exchange, actor, url);
    } finally {
      release();
    }
  }

  return async (exchange) => {
    const { actor, response } = exchange;
    try {
      if (actor === null) throw new Unauthenticated();
      refuseOneTimePassword(actor);
      refuseSupport(actor);
      refuseService(actor);
      await answer(exchange, actor);
    } catch (error) {
      if (response.headersSent) {
        // The answer is incomplete, and must not look complete.
        if (!response.destroyed) log.warn({ requestId: exchange.requestId, err: error }, 'an export was cut off');
        response.destroy();
      } else if (error instanceof Refusal) exchange.reject(Rejection.of(error, STATUSES[error.code] ?? 403));
      else throw error;
    }
  };
}

/** Sends an export, a page of rows at a time. */
export async function sendExport(exchange: Exchange, { columns, form, name, read }: Export, limits: ExportLimits): Promise<void> {
  const headers = ['content-type', 'text/csv; charset=utf-8', 'content-disposition', `attachment; filename="${name}.csv"`];
  if (exchange.isHead) {
    sendHead(exchange, headers);
    return;
  }
  const answer = streamed(exchange, headers, limits);
  let isBegun = false;
  const write = async (rows: readonly object[]) => {
    const text = csvOf(rows, columns, form, { isFirst: !isBegun });
    isBegun = true;
    await answer.write(text);
  };
  await read(write);
  if (!isBegun) await write([]);
  answer.end();
}
