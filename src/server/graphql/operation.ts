/** The requests that handlers give to the pipeline, and the answers that they get back. */

import type { GraphQLFormattedError } from 'graphql';
import type { RequestSpan } from '../../kernel/request-origin.ts';
import type { Stream } from '../../kernel/stream.ts';
import type { EventText } from '../websocket/frame.ts';
import type { Operation } from './documents.ts';
import type { Variables } from './executor.ts';
import type { Rejection } from './rejection.ts';

/** A client's request to run an operation, from any handler. */
export interface OperationRequest {
  readonly operation: Operation;
  readonly variables: Variables;
  readonly isSignedIn: boolean;
  readonly requestId: string;
  readonly span: RequestSpan | null;
  /** Whether the operation may be compiled: only where speed matters, and never for clients that are not signed in. */
  readonly mayCompile: boolean;
}

/** The result as the client may see it. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** The contexts of a subscription. */
export interface EventContexts {
  /** The context that opens the subscription. */
  readonly first: object;
  /** Makes the context of the next event, so that no event is answered from another event's cache. */
  next(): object;
  /** A key of the viewer's current rights, on which answers depend. */
  rights(): string;
}

/** The steps of every operation: parsing, limits, validation, execution, masking. Handlers differ only in how they carry it. */
export interface Pipeline {
  prepare(text: string, operationName: string | undefined): Operation | Rejection;
  /** Runs a query or a mutation. Never rejects. Returns no promise if no resolver waits. */
  execute(request: OperationRequest, context: object): Result | Rejection | Promise<Result | Rejection>;
  /**
   * Opens a subscription, with one result for each event, as JSON text. Subscribers with the same operation, variables and rights
   * share results. The stream throws a Rejection when the source throws.
   */
  subscribe(request: OperationRequest, contexts: EventContexts): Promise<Stream<EventText> | Rejection>;
  /** Turns an error from outside of an execution into one for the client. */
  reject(error: unknown, requestId: string): Rejection;
}
