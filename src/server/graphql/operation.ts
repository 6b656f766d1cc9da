/** What the doors hand to the pipeline, and what they get back. */

import type { GraphQLFormattedError } from 'graphql';
import type { RequestSpan } from '../../kernel/request-origin.ts';
import type { Stream } from '../../kernel/stream.ts';
import type { EventText } from '../websocket/frame.ts';
import type { Operation } from './documents.ts';
import type { Variables } from './executor.ts';
import type { Rejection } from './rejection.ts';

/** What a client asked for, whatever door it came through. */
export interface Ask {
  readonly operation: Operation;
  readonly variables: Variables;
  readonly isSignedIn: boolean;
  readonly requestId: string;
  readonly span: RequestSpan | null;
  /** Whether its compiled form may answer, and be made: only where speed matters, and never for strangers. */
  readonly mayCompile: boolean;
}

/** The result as the client may see it. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** The contexts of a subscription. */
export interface EventContexts {
  /** It is opened with this one. */
  readonly first: object;
  /** Another for an event, so that nothing cached for one answers the next. */
  next(): object;
  /** Names the rights that answers depend on, as they are now. */
  rights(): string;
}

/** What every door does with a document: parse, limits, validation, execution, masking. The doors differ in how they carry it. */
export interface Pipeline {
  prepare(text: string, operationName: string | undefined): Operation | Rejection;
  /** A query or a mutation. Never rejects; answers at once where no resolver waits. */
  execute(ask: Ask, context: object): Result | Rejection | Promise<Result | Rejection>;
  /**
   * A subscription: one result for each event, as JSON text; subscribers that asked the same with the same rights share it.
   * The stream throws a Rejection when the source throws.
   */
  subscribe(ask: Ask, contexts: EventContexts): Promise<Stream<EventText> | Rejection>;
  /** What was thrown outside of an execution, for the client. */
  reject(error: unknown, requestId: string): Rejection;
}
