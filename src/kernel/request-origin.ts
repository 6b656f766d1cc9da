/** Carries the origin of work from the request to the batch that posts its commands. */

import { AsyncLocalStorage } from 'node:async_hooks';

/** A request's span in a trace. src/server/tracing.ts implements it. */
export interface RequestSpan {
  /** The W3C Trace Context header that links a batch to the request, in any process. Null if the span is not recorded. */
  readonly traceparent: string | null;
  /** Records which GraphQL operation the request runs. */
  operation(kind: string, name: string | undefined): void;
  /** An HTTP request was answered. */
  end(status: number): void;
  /** An operation on a socket was answered, or its subscription began. `isFailed` if the server failed. */
  settle(isFailed: boolean): void;
}

export interface RequestOrigin {
  /** The id in the answer's x-request-id and in log lines. */
  readonly requestId: string;
  /** Null if the request's duration is not recorded. */
  readonly span: RequestSpan | null;
}

/** Set while a mutation is executed. Only log lines and traces may depend on it. */
export const requestOrigin = new AsyncLocalStorage<RequestOrigin>();
