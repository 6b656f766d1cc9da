/** The server side of graphql-transport-ws. */

import type { Actor } from '../../kernel/actor.ts';
import { LimitExceeded, Overloaded, Unauthenticated } from '../../kernel/errors.ts';
import { askFor } from '../graphql/admit-operation.ts';
import { eventContexts } from '../graphql/context.ts';
import type { Ask } from '../graphql/operation.ts';
import { paramsOf } from '../graphql/params.ts';
import { Rejection } from '../graphql/rejection.ts';
import { bearerToken } from '../http/credentials.ts';
import { CLOSE_TRY_AGAIN, messageFrame, nextFrame } from '../websocket/frame.ts';
import { CLOSE_FORBIDDEN, type Operation, type WsClient } from './client.ts';
import { Turns } from './fair-scheduler.ts';
import { type ClientMessage, readMessage, type SubscribePayload } from './messages.ts';
import type { WsDoorPorts } from './ports.ts';
import { type SubscriptionOwner, WsSubscription } from './subscription.ts';

export const SUBPROTOCOL = 'graphql-transport-ws';

/** Close codes of graphql-transport-ws. */
const CLOSE_BAD_REQUEST = 4400;
const CLOSE_UNAUTHORIZED = 4401;
const CLOSE_SUBPROTOCOL = 4406;
const CLOSE_INIT_TIMEOUT = 4408;
const CLOSE_SUBSCRIBER_EXISTS = 4409;
const CLOSE_TOO_MANY_INITS = 4429;
/** What fits into a close frame beside the code. */
const MAX_REASON_BYTES = 123;

const ACKNOWLEDGEMENT = messageFrame({ type: 'connection_ack' });

export interface Protocol {
  /** `subprotocol`: the one that was agreed to. */
  opened(client: WsClient, subprotocol: string | null): void;
  /** A message of so many bytes. What a client asks for is begun in its turn, in the order of its messages. */
  receive(client: WsClient, text: string, bytes: number): void;
  closed(client: WsClient): void;
  /** Unfinished operations on all sockets. */
  readonly operations: () => number;
}

/** An operation from its message until it runs: it may be given up meanwhile. */
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

/**
 * graphql-transport-ws, by its specification and as graphql-ws' own client speaks it (the tests use that). An own
 * implementation, because a library's promises, generators and closures were most of what a delivery and an idle socket cost.
 * A document that is refused ends its operation, never the socket.
 */
export function createProtocol(ports: WsDoorPorts): Protocol {
  const { pipeline, limits } = ports;
  const turns = new Turns();
  let operations = 0;

  const owner: SubscriptionOwner = {
    ended({ client, id }, failure) {
      finish(client, id, failure);
    },
  };

  /** Tells the client how its operation ended: completed, or refused. */
  function finish(client: WsClient, id: string, failure: { readonly reason: unknown } | null): void {
    operations -= 1;
    if (!client.forget(id)) return;
    if (failure === null) {
      client.write(messageFrame({ id, type: 'complete' }));
      return;
    }
    const rejection = pipeline.reject(failure.reason, client.id);
    // Who was let in and is refused now has lost the session, and with it the socket, whoever notices first.
    if (rejection.errors[0]?.extensions?.code === 'UNAUTHENTICATED') client.end('session');
    else refuse(client, id, rejection);
  }

  function refuse(client: WsClient, id: string, rejection: Rejection): void {
    client.write(messageFrame({ id, type: 'error', payload: rejection.errors }));
  }

  /** The socket goes on as whom it was opened by: the others are not tried again. */
  async function firstAccepted(tokens: readonly string[]): Promise<{ readonly token: string; readonly actor: Actor } | null> {
    for (const token of tokens) {
      const actor = await ports.authenticate(token);
      if (actor !== null) return { token, actor };
    }
    return null;
  }

  async function connect(client: WsClient, params: Record<string, unknown> | undefined): Promise<void> {
    if (client.isInitialized) {
      client.close(CLOSE_TOO_MANY_INITS, 'Too many initialisation requests');
      return;
    }
    client.isInitialized = true;
    if (client.initTimer) clearTimeout(client.initTimer);
    client.initTimer = null;
    const authorization = authorizationOf(params);
    const tokens = authorization === undefined ? client.tokens : bearerTokens(authorization);
    const accepted = await firstAccepted(tokens);
    if (accepted !== null) {
      client.tokens = [accepted.token];
      client.isSignedIn = true;
      client.place.watch(accepted.actor);
    } else if (tokens.length > 0 || authorization !== undefined) {
      client.close(CLOSE_FORBIDDEN, 'Forbidden');
      return;
    }
    client.isAcknowledged = true;
    client.write(ACKNOWLEDGEMENT);
  }

  /** Who asks, and what for; a Rejection ends the operation. */
  async function accept(client: WsClient, payload: SubscribePayload, bytes: number): Promise<{ ask: Ask; actor: Actor } | Rejection> {
    if (client.isDraining()) return Rejection.of(new Overloaded(limits.retryAfterSeconds));
    if (client.operations.length > limits.operationsPerSocket) {
      return Rejection.of(new LimitExceeded(`A socket may have ${limits.operationsPerSocket} unfinished operations.`));
    }
    const authorization = authorizationOf(payload.extensions?.headers);
    const [token] = authorization === undefined ? client.tokens : bearerTokens(authorization);
    if (token === undefined && authorization === undefined) return Rejection.of(new Unauthenticated());
    try {
      const actor = token === undefined ? null : await ports.authenticate(token);
      if (actor === null) {
        client.close(CLOSE_FORBIDDEN, 'Forbidden');
        return Rejection.of(new Unauthenticated());
      }
      client.isSignedIn = true;
      client.place.watch(actor);
      const params = paramsOf(payload);
      if (params instanceof Rejection) return params;
      const ask = askFor(pipeline, limits, params, { actor, requestId: client.id, bytes, mayCompile: false });
      return ask instanceof Rejection ? ask : { ask, actor };
    } catch (error) {
      return pipeline.reject(error, client.id);
    }
  }

  async function subscribe(client: WsClient, id: string, payload: SubscribePayload, bytes: number): Promise<void> {
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
    const accepted = await accept(client, payload, bytes);
    if (!starting.isWanted) return;
    if (accepted instanceof Rejection) {
      client.forget(id);
      refuse(client, id, accepted);
      return;
    }
    operations += 1;
    const { actor, ask } = accepted;
    if (ask.operation.kind === 'subscription') await stream(client, id, ask, actor, starting);
    else await answer(client, id, ask, actor, starting);
  }

  /** A query or mutation: it runs to its end whether or not anybody still listens. */
  async function answer(client: WsClient, id: string, ask: Ask, actor: Actor, starting: Starting): Promise<void> {
    client.accepted();
    const frame = await resultOf(client, id, ask, actor);
    if (!starting.isWanted) operations -= 1;
    else if (frame instanceof Rejection) finish(client, id, { reason: frame });
    else {
      client.write(frame);
      finish(client, id, null);
    }
    client.answered();
  }

  /** As the frame that tells it. */
  async function resultOf(client: WsClient, id: string, ask: Ask, actor: Actor): Promise<Buffer | Rejection> {
    try {
      const result = await pipeline.execute(ask, contextOf(client, actor));
      return result instanceof Rejection ? result : nextFrame(id, JSON.stringify(result));
    } catch (error) {
      return pipeline.reject(error, client.id);
    }
  }

  async function stream(client: WsClient, id: string, ask: Ask, actor: Actor, starting: Starting): Promise<void> {
    const contexts = eventContexts(ports.createContext, baseOf(client, actor));
    const results = await pipeline.subscribe(ask, contexts).catch((error: unknown) => pipeline.reject(error, client.id));
    if (results instanceof Rejection) {
      if (starting.isWanted) finish(client, id, { reason: results });
      else operations -= 1;
    } else if (starting.isWanted) client.start(new WsSubscription(id, client, results, turns, owner));
    else {
      results.close();
      operations -= 1;
    }
  }

  function stop(operation: Operation): void {
    operation.stop();
    // One that is starting, or to be answered, counts until it has run.
    if (operation instanceof WsSubscription) operations -= 1;
  }

  /** Answers that there is no more: each message is one turn's work. */
  function begin(client: WsClient, message: Exclude<ClientMessage, { type: 'ping' | 'pong' }>, bytes: number): false {
    if (!client.isOpen()) return false;
    if (message.type === 'complete') {
      const operation = client.forget(message.id);
      if (operation) stop(operation);
      return false;
    }
    const begun =
      message.type === 'connection_init' ? connect(client, message.payload) : subscribe(client, message.id, message.payload, bytes);
    begun.catch((error: unknown) => {
      pipeline.reject(error, client.id);
      client.close(CLOSE_TRY_AGAIN, 'Try again later');
    });
    return false;
  }

  function pong(client: WsClient, payload: Record<string, unknown> | undefined): void {
    try {
      client.write(messageFrame({ type: 'pong', ...(payload && { payload }) }));
    } catch {
      // It can be read and not be written: it is nested too deeply.
      client.close(CLOSE_BAD_REQUEST, 'Invalid message received');
    }
  }

  const baseOf = ({ address, userAgent }: WsClient, actor: Actor) => ({ actor, address, userAgent, cookies: null });
  const contextOf = (client: WsClient, actor: Actor) => ports.createContext(baseOf(client, actor));

  return {
    opened(client, subprotocol) {
      if (subprotocol !== SUBPROTOCOL) {
        client.close(CLOSE_SUBPROTOCOL, 'Subprotocol not acceptable');
        return;
      }
      client.initTimer = setTimeout(() => {
        if (!client.isInitialized) client.close(CLOSE_INIT_TIMEOUT, 'Connection initialisation timeout');
      }, limits.connectionInitTimeoutMs).unref();
    },
    receive(client, text, bytes) {
      const message = readMessage(text);
      if (message === null) client.close(CLOSE_BAD_REQUEST, 'Invalid message received');
      else if (message.type === 'ping') {
        pong(client, message.payload);
      } else if (message.type !== 'pong') turns.addNewcomer({ work: () => begin(client, message, bytes) });
    },
    closed(client) {
      if (client.initTimer) clearTimeout(client.initTimer);
      for (const { id } of client.operations) {
        const operation = client.forget(id);
        if (operation) stop(operation);
      }
    },
    operations: () => operations,
  };
}

/** The Authorization among given headers, in any case; undefined: none, or empty. */
function authorizationOf(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return found === '' || found === null ? undefined : found;
}

function bearerTokens(authorization: unknown): readonly string[] {
  const token = bearerToken(authorization);
  return token === null ? [] : [token];
}
