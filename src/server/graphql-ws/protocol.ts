/** The server side of graphql-transport-ws. */

import type { Actor } from '../../kernel/actor.ts';
import { LimitExceeded, Overloaded, Unauthenticated } from '../../kernel/errors.ts';
import type { RequestSpan } from '../../kernel/request-origin.ts';
import { admitOperation } from '../graphql/admit-operation.ts';
import { type ActingContext, type ContextBase, eventContexts } from '../graphql/context.ts';
import type { OperationRequest } from '../graphql/operation.ts';
import { paramsOf } from '../graphql/params.ts';
import { Rejection } from '../graphql/rejection.ts';
import { CLOSE_TRY_AGAIN, messageFrame, nextFrame } from '../websocket/frame.ts';
import { authorizationOf, bearerTokens, firstAccepted, headerOf } from './authorization.ts';
import { CLOSE_FORBIDDEN, type Operation, type WsClient } from './client.ts';
import { FairScheduler } from './fair-scheduler.ts';
import { type ClientMessage, readMessage, type SubscribePayload } from './messages.ts';
import type { WsHandlerPorts } from './ports.ts';
import { type SubscriptionOwner, WsSubscription } from './subscription.ts';

export const SUBPROTOCOL = 'graphql-transport-ws';

/** Close codes of graphql-transport-ws. */
const CLOSE_BAD_REQUEST = 4400;
const CLOSE_UNAUTHORIZED = 4401;
const CLOSE_SUBPROTOCOL = 4406;
const CLOSE_INIT_TIMEOUT = 4408;
const CLOSE_SUBSCRIBER_EXISTS = 4409;
const CLOSE_TOO_MANY_INITS = 4429;
/** The longest reason that a close frame can carry. */
const MAX_REASON_BYTES = 123;

const ACKNOWLEDGEMENT = messageFrame({ type: 'connection_ack' });

/** An operation between its message and its run. The client may cancel it meanwhile. */
class Starting implements Operation {
  readonly id: string;
  isWanted = true;

  constructor(id: string) {
    this.id = id;
  }

  stop(): void {
    this.isWanted = false;
  }
}

/** An operation as its message requests it. */
interface Asked {
  readonly payload: SubscribePayload;
  readonly bytes: number;
  readonly span: RequestSpan | null;
}

/**
 * Implements graphql-transport-ws by its specification; the tests use graphql-ws' own client. It is written here because a
 * library's promises, generators and closures were most of the cost of a delivery and of an idle socket.
 * A refused document ends its operation, never the socket.
 */
export class GraphqlTransportWs implements SubscriptionOwner {
  readonly #ports: WsHandlerPorts;
  readonly #scheduler = new FairScheduler();
  #operations = 0;

  constructor(ports: WsHandlerPorts) {
    this.#ports = ports;
  }

  /** `subprotocol` is the one that the handshake agreed on. */
  opened(client: WsClient, subprotocol: string | null): void {
    if (subprotocol !== SUBPROTOCOL) {
      client.close(CLOSE_SUBPROTOCOL, 'Subprotocol not acceptable');
      return;
    }
    client.initTimer = setTimeout(() => {
      if (!client.isInitialized) client.close(CLOSE_INIT_TIMEOUT, 'Connection initialisation timeout');
    }, this.#ports.limits.connectionInitTimeoutMs).unref();
  }

  /** Handles a message of this size. A client's operations begin in the order of its messages, when the scheduler calls them. */
  receive(client: WsClient, text: string, bytes: number): void {
    const message = readMessage(text);
    if (message === null) client.close(CLOSE_BAD_REQUEST, 'Invalid message received');
    else if (message.type === 'ping') {
      this.#pong(client, message.payload);
    } else if (message.type !== 'pong') this.#scheduler.addNewcomer({ work: () => this.#begin(client, message, bytes) });
  }

  closed(client: WsClient): void {
    if (client.initTimer) clearTimeout(client.initTimer);
    for (const { id } of client.operations) {
      const operation = client.forget(id);
      if (operation) this.#stop(operation);
    }
  }

  /** The unfinished operations on all sockets. */
  operations(): number {
    return this.#operations;
  }

  /** Called when a subscription ended by itself. */
  ended({ client, id }: WsSubscription, failure: { readonly reason: unknown } | null): void {
    this.#finish(client, id, failure);
  }

  /** Tells the client how its operation ended: completed, or refused. */
  #finish(client: WsClient, id: string, failure: { readonly reason: unknown } | null): void {
    this.#operations -= 1;
    if (!client.forget(id)) return;
    if (failure === null) {
      client.write(messageFrame({ id, type: 'complete' }));
      return;
    }
    const rejection = this.#ports.pipeline.reject(failure.reason, client.id);
    // The client was signed in before, so its session has ended, and the socket ends with it.
    if (rejection.errors[0]?.extensions?.code === 'UNAUTHENTICATED') client.end('session');
    else this.#refuse(client, id, rejection);
  }

  #refuse(client: WsClient, id: string, rejection: Rejection): void {
    client.write(messageFrame({ id, type: 'error', payload: rejection.errors }));
  }

  async #connect(client: WsClient, params: Record<string, unknown> | undefined): Promise<void> {
    if (client.isInitialized) {
      client.close(CLOSE_TOO_MANY_INITS, 'Too many initialisation requests');
      return;
    }
    client.isInitialized = true;
    if (client.initTimer) clearTimeout(client.initTimer);
    client.initTimer = null;
    const authorization = authorizationOf(params);
    const tokens = authorization === undefined ? client.tokens : bearerTokens(authorization);
    const accepted = await firstAccepted(tokens, this.#ports.authenticate);
    if (accepted !== null) {
      client.tokens = [accepted.token];
      client.isSignedIn = true;
      client.registration.watch(accepted.actor);
    } else if (tokens.length > 0 || authorization !== undefined) {
      client.close(CLOSE_FORBIDDEN, 'Forbidden');
      return;
    }
    client.isAcknowledged = true;
    client.write(ACKNOWLEDGEMENT);
  }

  /** Authenticates the client and checks its request. A Rejection ends the operation. */
  async #accept(
    client: WsClient,
    payload: SubscribePayload,
    bytes: number,
    span: RequestSpan | null,
  ): Promise<{ request: OperationRequest; actor: Actor } | Rejection> {
    if (client.isDraining()) return Rejection.of(new Overloaded(this.#ports.limits.retryAfterSeconds));
    if (client.operations.length > this.#ports.limits.operationsPerSocket) {
      return Rejection.of(new LimitExceeded(`A socket may have ${this.#ports.limits.operationsPerSocket} unfinished operations.`));
    }
    const authorization = authorizationOf(payload.extensions?.headers);
    const [token] = authorization === undefined ? client.tokens : bearerTokens(authorization);
    if (token === undefined && authorization === undefined) return Rejection.of(new Unauthenticated());
    try {
      const actor = token === undefined ? null : await this.#ports.authenticate(token);
      if (actor === null) {
        client.close(CLOSE_FORBIDDEN, 'Forbidden');
        return Rejection.of(new Unauthenticated());
      }
      client.isSignedIn = true;
      client.registration.watch(actor);
      const params = paramsOf(payload);
      if (params instanceof Rejection) return params;
      const request = admitOperation(this.#ports.pipeline, this.#ports.limits, params, {
        actor,
        requestId: client.id,
        span,
        bytes,
        mayCompile: false,
      });
      return request instanceof Rejection ? request : { request, actor };
    } catch (error) {
      return this.#ports.pipeline.reject(error, client.id);
    }
  }

  async #subscribe(client: WsClient, id: string, payload: SubscribePayload, bytes: number): Promise<void> {
    if (!client.isAcknowledged) {
      client.close(CLOSE_UNAUTHORIZED, 'Unauthorized');
      return;
    }
    if (client.operation(id)) {
      const reason = `Subscriber for ${id} already exists`;
      client.close(CLOSE_SUBSCRIBER_EXISTS, Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : 'Subscriber already exists');
      return;
    }
    const starting = new Starting(id);
    client.start(starting);
    const span = this.#spanOf(client, payload);
    let isFailed = true;
    try {
      const rejection = await this.#run(client, starting, { payload, bytes, span });
      isFailed = rejection?.errors.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR') ?? false;
    } finally {
      span?.settle(isFailed);
    }
  }

  /** Returns the refusal, even if the client has cancelled the operation. Null: it was answered, or its subscription has begun. */
  async #run(client: WsClient, starting: Starting, { bytes, payload, span }: Asked): Promise<Rejection | null> {
    const { id } = starting;
    const accepted = await this.#accept(client, payload, bytes, span);
    if (accepted instanceof Rejection) {
      if (!starting.isWanted) return accepted;
      client.forget(id);
      this.#refuse(client, id, accepted);
      return accepted;
    }
    if (!starting.isWanted) return null;
    this.#operations += 1;
    const { actor, request } = accepted;
    if (request.operation.kind === 'subscription') return await this.#stream(client, id, request, actor, starting);
    return await this.#answer(client, id, request, actor, starting);
  }

  #spanOf({ id }: WsClient, { extensions }: SubscribePayload): RequestSpan | null {
    return this.#ports.tracing?.operation({ socketId: id, traceparent: headerOf(extensions?.headers, 'traceparent') }) ?? null;
  }

  /** Runs a query or mutation to its end, even if the client cancels it. */
  async #answer(client: WsClient, id: string, request: OperationRequest, actor: Actor, starting: Starting): Promise<Rejection | null> {
    client.accepted();
    const frame = await this.#resultOf(client, id, request, actor);
    if (!starting.isWanted) this.#operations -= 1;
    else if (frame instanceof Rejection) this.#finish(client, id, { reason: frame });
    else {
      client.write(frame);
      this.#finish(client, id, null);
    }
    client.answered();
    return frame instanceof Rejection ? frame : null;
  }

  /** Executes the operation, and returns the frame with its result. */
  async #resultOf(client: WsClient, id: string, request: OperationRequest, actor: Actor): Promise<Buffer | Rejection> {
    try {
      const result = await this.#ports.pipeline.execute(request, this.#contextOf(client, actor));
      return result instanceof Rejection ? result : nextFrame(id, JSON.stringify(result));
    } catch (error) {
      return this.#ports.pipeline.reject(error, client.id);
    }
  }

  async #stream(client: WsClient, id: string, request: OperationRequest, actor: Actor, starting: Starting): Promise<Rejection | null> {
    const contexts = eventContexts(this.#ports.createContext, baseOf(client, actor));
    const results = await this.#ports.pipeline
      .subscribe(request, contexts)
      .catch((error: unknown) => this.#ports.pipeline.reject(error, client.id));
    if (results instanceof Rejection) {
      if (starting.isWanted) this.#finish(client, id, { reason: results });
      else this.#operations -= 1;
      return results;
    }
    if (starting.isWanted) client.start(new WsSubscription(id, client, results, this.#scheduler, this));
    else {
      results.close();
      this.#operations -= 1;
    }
    return null;
  }

  #stop(operation: Operation): void {
    operation.stop();
    // An operation that is starting or being answered counts until it has run.
    if (operation instanceof WsSubscription) this.#operations -= 1;
  }

  /** Handles a message in one call, so it always returns that there is no more. */
  #begin(client: WsClient, message: Exclude<ClientMessage, { type: 'ping' | 'pong' }>, bytes: number): false {
    if (!client.isOpen()) return false;
    if (message.type === 'complete') {
      const operation = client.forget(message.id);
      if (operation) this.#stop(operation);
      return false;
    }
    const begun =
      message.type === 'connection_init'
        ? this.#connect(client, message.payload)
        : this.#subscribe(client, message.id, message.payload, bytes);
    begun.catch((error: unknown) => {
      this.#ports.pipeline.reject(error, client.id);
      client.close(CLOSE_TRY_AGAIN, 'Try again later');
    });
    return false;
  }

  #pong(client: WsClient, payload: Record<string, unknown> | undefined): void {
    try {
      client.write(messageFrame({ type: 'pong', ...(payload && { payload }) }));
    } catch {
      // JSON that is nested too deeply can be parsed, but not written.
      client.close(CLOSE_BAD_REQUEST, 'Invalid message received');
    }
  }

  #contextOf(client: WsClient, actor: Actor): ActingContext {
    return this.#ports.createContext(baseOf(client, actor));
  }
}

function baseOf({ address, userAgent }: WsClient, actor: Actor): ContextBase {
  return { actor, address, userAgent, cookies: null };
}
