/** Tells the servers that deliver the service, below /access, what customers may use (R49). */

import { decodeIdOf, encodeId } from '../../../schema/core/global-id.ts';
import { type AccessState, readAccessState } from '../../domain/access/access-state.ts';
import { acknowledgeAccess } from '../../domain/access/acknowledge-access.ts';
import type { AccessChecks, CheckedAccess } from '../../domain/access/check-access.ts';
import { requireService } from '../../domain/input.ts';
import type { Ports } from '../../domain/ports.ts';
import type { Actor } from '../../kernel/actor.ts';
import { BadUserInput, Overloaded, Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Exchange } from '../http/exchange.ts';
import { sendHead, streamed } from '../http/streamed.ts';
import type { ExportLimits } from '../limits.ts';
import type { TakeExportSlot } from './export-slots.ts';

export const ACCESS_ROOT = '/access/';
/** The most checks in one request, which bounds the work of a request to a busy server. */
const MAX_CHECKS = 50;
/** Room for MAX_CHECKS checks, each with a login, a secret and an address. */
export const ACCESS_BODY_BYTES = 20_000;

const CHECK_PATH = '/access/check';
const CUSTOMERS_PATH = '/access/customers';
const STATE_PATH = /^\/access\/customers\/([^/?]{1,100})\/state(?:\?|$)/;

const JSON_TYPE = 'application/json; charset=utf-8';
const LINES = ['content-type', 'application/x-ndjson; charset=utf-8'];

const STATUSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  INVALID_STATE: 409,
  RATE_LIMITED: 429,
  LIMIT_EXCEEDED: 429,
  OVERLOADED: 503,
};

/** The only method of a path, or null if there is nothing at it. */
export function accessMethodOf(path: string): 'GET' | 'POST' | 'PUT' | null {
  if (path === CHECK_PATH) return 'POST';
  if (path === CUSTOMERS_PATH) return 'GET';
  return STATE_PATH.test(path) ? 'PUT' : null;
}

/** The ports that the handler uses. */
export interface AccessHandlerPorts extends Pick<Ports, 'reports' | 'sql' | 'customersChanged'> {
  readonly checks: AccessChecks;
}

/** Accepts only keys of the scope SERVICE. Shows customers of the key's tenant: id, login, screens, expiry, and whether each is active. */
export function createAccessHandler(
  ports: AccessHandlerPorts,
  limits: ExportLimits,
  takeSlot: TakeExportSlot,
  log: Logger,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { actor, response } = exchange;
    try {
      if (actor === null) throw new Unauthenticated('An API key of the scope SERVICE is needed.');
      requireService(actor);
      if (exchange.request.method === 'POST') await check(ports.checks, exchange, actor);
      else if (exchange.request.method === 'PUT') await acknowledge(ports, exchange, actor);
      else await sendCustomers(ports, limits, takeSlot, exchange, actor);
    } catch (error) {
      if (response.headersSent) {
        // The answer is incomplete, and must not look complete.
        if (!response.destroyed) log.warn({ requestId: exchange.requestId, err: error }, 'the list of all customers was cut off');
        response.destroy();
      } else if (error instanceof Refusal) exchange.reject(Rejection.of(error, STATUSES[error.code] ?? 403));
      else throw error;
    }
  };
}

async function check(checks: AccessChecks, exchange: Exchange, actor: Actor): Promise<void> {
  const body = jsonOf(exchange.body);
  if (body instanceof Rejection) {
    exchange.reject(body);
    return;
  }
  const service = { tenantId: actor.tenantId, keyId: actor.sessionId };
  const one = (input: unknown) => checks.check(service, input, exchange.address);
  if (!Array.isArray(body)) {
    exchange.send(200, JSON_TYPE, JSON.stringify(answerOf(actor, await one(body))));
    return;
  }
  if (body.length === 0 || body.length > MAX_CHECKS)
    throw new BadUserInput('body', `must be one check, or 1 to ${MAX_CHECKS} in an array.`);
  const answers = await Promise.all(body.map(async (input) => answerOf(actor, await one(input))).map((answer) => answer.catch(refusedOne)));
  exchange.send(200, JSON_TYPE, JSON.stringify(answers));
}

function answerOf(actor: Actor, { active, customerId, expiresAt, screens, version }: CheckedAccess): object {
  return { active, screens, expiresAt, customer: customerId === null ? null : idOf(actor, customerId), version };
}

/** A refused check among several gets the body that it would get alone. A failure of the server fails all of them. */
function refusedOne(error: unknown): { readonly errors: Rejection['errors'] } {
  if (error instanceof Refusal && !(error instanceof Overloaded)) return { errors: Rejection.of(error).errors };
  throw error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Rejection.malformed('The body is not valid JSON.');
  }
}

/** Stores the state of a customer that the service reports. Answers the stored state, which is newer if the report is outdated. */
async function acknowledge(ports: AccessHandlerPorts, exchange: Exchange, actor: Actor): Promise<void> {
  const body = jsonOf(exchange.body);
  if (body instanceof Rejection) {
    exchange.reject(body);
    return;
  }
  const id = STATE_PATH.exec(exchange.request.url ?? '')?.[1] ?? '';
  const { state, version } = await acknowledgeAccess(ports, body, decodeIdOf({ actor }, 'Customer', id));
  exchange.send(200, JSON_TYPE, JSON.stringify({ state, version }));
}

/** Sends lines of JSON: the version, one line for each customer, and a last line with the number of customers. */
async function sendCustomers(
  ports: Pick<Ports, 'reports'>,
  limits: ExportLimits,
  takeSlot: TakeExportSlot,
  exchange: Exchange,
  actor: Actor,
): Promise<void> {
  if (exchange.isHead) {
    sendHead(exchange, LINES);
    return;
  }
  const release = takeSlot(actor.tenantId);
  try {
    const answer = streamed(exchange, LINES, limits);
    let count = 0;
    await readAccessState(ports, actor.tenantId, {
      begin: (version) => answer.write(lineOf({ version })),
      take(customers) {
        count += customers.length;
        return answer.write(customers.map((customer) => lineOf(shown(actor, customer))).join(''));
      },
    });
    await answer.write(lineOf({ customers: count }));
    answer.end();
  } finally {
    release();
  }
}

function shown(actor: Actor, { active, customerId, expiresAt, login, screens }: AccessState): object {
  return { customer: idOf(actor, customerId), login: login ?? '', active, screens, expiresAt };
}

function idOf(actor: Actor, id: string): string {
  return encodeId({ actor }, 'Customer', { tenantId: actor.tenantId, id });
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
