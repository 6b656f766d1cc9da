/** What a piece of work is done for: carried from the door of a request to the batch that posts its commands. */

import { AsyncLocalStorage } from 'node:async_hooks';

/** A request's part of a trace; what is in it only src/server/tracing.ts knows. */
export interface RequestSpan {
  /** By which a batch that posts its commands is linked to it, in whichever process: the header of W3C Trace Context; null: it is not kept. */
  readonly traceparent: string | null;
  /** Of a GraphQL request: what it asks for. */
  operation(kind: string, name: string | undefined): void;
  /** An HTTP request was answered. */
  end(status: number): void;
  /** An operation on a socket was answered, or its subscription begun; failed: by a fault of the server's. */
  settle(isFailed: boolean): void;
}

export interface RequestOrigin {
  /** As the answer's x-request-id and the log lines say it. */
  readonly requestId: string;
  /** null: its duration is not recorded. */
  readonly span: RequestSpan | null;
}

/** Set while a mutation is executed. Nothing may depend on it but what is written for people: log lines and traces. */
export const requestOrigin = new AsyncLocalStorage<RequestOrigin>();
