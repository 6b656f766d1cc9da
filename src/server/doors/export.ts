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
import type { Places } from './places.ts';
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

/** A read replica, as exports use it. */
export interface ExportReplica {
  /** What reads of it, when it has all that was committed before; null: the primary shall be read. */
  caughtUp(): Promise<Pick<Ports, 'reports'> | null>;
  /** What was read of it failed. */
  failed(): void;
}

/** The whole tenant has one form. */
const NONE = z.strictObject({});

/**
 * Sends tables as CSV while they are read: RFC 4180 in UTF-8 with a byte order mark, and no formula that
 * somebody wrote into a name. Separator, language and time zone are the reader's choice.
 */
export function createExportDoor(
  ports: ReadPorts,
  limits: ExportLimits,
  places: Places,
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

  /** Of the replica, if there is one that has everything; what that cannot begin is begun again. Who may ask is the primary's to say. */
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
    const leave = places(actor.tenantId);
    try {
      if (url.pathname === TENANT_PATH) {
        readParameters(NONE, url.searchParams);
        // It writes before it reads, so it reads the primary.
        await sendTenant(exchange, ports, { actor, address: exchange.address }, limits);
        return;
      }
      await sendTable(exchange, actor, url);
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
      refuseService(actor);
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

/** A page of rows at a time. */
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
