import { setImmediate } from 'node:timers/promises';
import type { ExecutionArgs, ExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer, type Server, type SubscribePayload, type Context as WsContext } from 'graphql-ws';
import type { Actor } from '../kernel/actor.ts';
import { LimitExceeded, Overloaded, Unauthenticated } from '../kernel/errors.ts';
import { askFor } from './ask.ts';
import { eventContexts } from './context.ts';
import { bearerToken } from './credentials.ts';
import type { Ask } from './pipeline.ts';
import { Rejection } from './rejection.ts';
import { CLOSE_FORBIDDEN, type WsClient } from './ws-client.ts';
import type { WsDoorPorts } from './ws-door.ts';
import { type EventText, nextFrame, operationHead } from './ws-frame.ts';

/** A source that always has more, as the journal has, must not keep the event loop from everybody else. */
const RESULTS_PER_TURN = 32;

type Connected = WsContext<Record<string, unknown> | undefined, WsClient>;

/** An accepted operation, between the hooks of graphql-ws. */
interface Run {
  readonly id: string;
  readonly ask: Ask;
  readonly actor: Actor;
  readonly client: WsClient;
}

export interface Protocol extends Pick<Server<WsClient>, 'opened'> {
  /** Unfinished ones, on all sockets. */
  readonly operations: () => number;
}

/**
 * The protocol's bookkeeping is graphql-ws'; what an operation answers is written here, as finished frames, so that a
 * result is made, turned into text and sent once. A document that is refused ends its operation, never the socket.
 */
export function createProtocol(ports: WsDoorPorts): Protocol {
  const { pipeline, limits } = ports;
  const runs = new WeakMap<ExecutionArgs, Run>();
  let operations = 0;

  async function onConnect({ connectionParams, extra: client }: Connected): Promise<boolean> {
    const authorization = authorizationOf(connectionParams);
    const token = authorization === undefined ? client.token : bearerToken(authorization);
    if (token === null) return authorization === undefined;
    const actor = await ports.authenticate(token);
    if (actor === null) return false;
    client.token = token;
    client.place.watch(actor);
    return true;
  }

  async function onSubscribe(
    { extra: client, subscriptions }: Connected,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | Rejection[]> {
    const bytes = client.messageBytes;
    if (client.isDraining()) return [Rejection.of(new Overloaded(limits.retryAfterSeconds))];
    if (Object.keys(subscriptions).length > limits.operationsPerSocket) {
      return [Rejection.of(new LimitExceeded(`A socket may have ${limits.operationsPerSocket} unfinished operations.`))];
    }
    const authorization = authorizationOf(payload.extensions?.headers);
    const token = authorization === undefined ? client.token : bearerToken(authorization);
    if (token === null && authorization === undefined) return [Rejection.of(new Unauthenticated())];
    try {
      const actor = token === null ? null : await ports.authenticate(token);
      if (actor === null) {
        client.close(CLOSE_FORBIDDEN, 'Forbidden');
        return [Rejection.of(new Unauthenticated())];
      }
      client.place.watch(actor);
      const { query, variables, operationName } = payload;
      const params = { query, variables: variables ?? {}, operationName: operationName ?? undefined };
      const ask = askFor(pipeline, limits, params, { actor, requestId: client.id, bytes, mayCompile: false });
      if (ask instanceof Rejection) return [ask];
      const args = { schema: ports.schema, document: ask.operation.document, operationName: ask.operation.name, contextValue: null };
      runs.set(args, { id, ask, actor, client });
      return args;
    } catch (error) {
      return [pipeline.reject(error, client.id)];
    }
  }

  /** Nothing is yielded to graphql-ws: the frames are sent here, and it learns of the end, or of the refusal. */
  function frames(args: ExecutionArgs): AsyncGenerator<ExecutionResult> {
    const run = runs.get(args);
    if (!run) throw new Error('graphql-ws asked to run an operation that was not accepted');
    operations += 1;
    const work = run.ask.operation.kind === 'subscription' ? streamed(ports, run) : answered(ports, run);
    const done = work.done.finally(() => {
      operations -= 1;
    });
    // Read by graphql-ws in next(); an operation that is given up before has nobody to tell.
    done.catch(() => {});
    const end = { done: true, value: undefined } as const;
    return {
      next: () => done.then(() => end),
      return: async () => {
        work.stop();
        return end;
      },
      throw: async (error: unknown) => {
        work.stop();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: async () => work.stop(),
    };
  }

  function onError(_context: unknown, _id: string, _payload: unknown, errors: readonly unknown[]): GraphQLFormattedError[] {
    return errors.flatMap((error) => formatted(error) ?? pipeline.reject(error, 'socket').errors);
  }

  const server = makeServer<Record<string, unknown> | undefined, WsClient>({
    schema: ports.schema,
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
    onConnect,
    onSubscribe,
    onError,
    execute: frames,
    subscribe: frames,
  });
  return { opened: server.opened, operations: () => operations };
}

interface Work {
  /** When the last frame is sent; rejects with what ends the operation. */
  readonly done: Promise<void>;
  /** The client wants no more of it. */
  stop(): void;
}

/** A query or mutation: it runs to its end whether or not anybody still listens. */
function answered({ pipeline, createContext }: WsDoorPorts, { id, ask, actor, client }: Run): Work {
  let isWanted = true;
  async function work(): Promise<void> {
    client.accepted();
    try {
      const result = await pipeline.execute(
        ask,
        createContext({ actor, address: client.address, userAgent: client.userAgent, cookies: null }),
      );
      if (!isWanted) return;
      if (result instanceof Rejection) throw result;
      await client.sendFrame(nextFrame(operationHead(id), Buffer.from(JSON.stringify(result))));
    } finally {
      client.answered();
    }
  }
  return {
    done: work(),
    stop() {
      isWanted = false;
    },
  };
}

/** A subscription: the next event is asked for when the socket has taken the one before. */
function streamed({ pipeline, createContext }: WsDoorPorts, { id, ask, actor, client }: Run): Work {
  let results: AsyncIterator<EventText> | null = null;
  let isWanted = true;
  const head = operationHead(id);
  async function work(): Promise<void> {
    const contexts = eventContexts(createContext, { actor, address: client.address, userAgent: client.userAgent, cookies: null });
    const opened = await pipeline.subscribe(ask, contexts);
    if (opened instanceof Rejection) throw opened;
    results = opened;
    if (!isWanted) await opened.return?.();
    let sent = 0;
    for await (const { bytes } of opened) {
      if (!isWanted || !client.isOpen()) break;
      const isTaken = client.sendFrame(nextFrame(head, bytes));
      if (isTaken) await isTaken;
      sent += 1;
      if (sent % RESULTS_PER_TURN === 0) await setImmediate();
    }
  }
  return {
    done: work(),
    stop() {
      isWanted = false;
      results?.return?.();
    },
  };
}

/** Our own refusals reach graphql-ws as they are, or wrapped in an error of its own. */
function formatted(error: unknown): readonly GraphQLFormattedError[] | null {
  if (error instanceof Rejection) return error.errors;
  const cause = error instanceof Error && 'originalError' in error ? error.originalError : null;
  return cause instanceof Rejection ? cause.errors : null;
}

/** The Authorization among given headers, in any case; undefined: none, or empty. */
function authorizationOf(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return found === '' || found === null ? undefined : found;
}
