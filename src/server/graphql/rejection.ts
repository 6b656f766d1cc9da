/** A request or operation that is refused as a whole, with its HTTP status. */

import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { BadUserInput, LimitExceeded, Overloaded, RateLimited, type Refusal } from '../../kernel/errors.ts';

/** The two media types of an answer. They differ in the status of a request that GraphQL refuses. */
export type MediaType = 'application/json' | 'application/graphql-response+json';

/** A request or an operation that was refused as a whole: errors without data, ready to be sent. */
export class Rejection extends GraphQLError {
  readonly errors: readonly GraphQLFormattedError[];
  /** The HTTP status. Null: the request was well formed, so the media type decides. */
  readonly status: number | null;
  /** With status 405: the allowed methods (RFC 9110, 15.5.6). */
  readonly allow: string | null;

  constructor(errors: readonly GraphQLFormattedError[], status: number | null = null, allow: string | null = null) {
    super(errors[0]?.message ?? 'Refused.');
    this.errors = errors;
    this.status = status;
    this.allow = allow;
  }

  override toJSON(): GraphQLFormattedError {
    return this.errors[0] ?? { message: this.message };
  }

  static of(refusal: Refusal, status: number | null = null): Rejection {
    return new Rejection([{ message: refusal.message, extensions: refusalExtensions(refusal) }], status);
  }

  /** A malformed request. */
  static malformed(message: string, status = 400): Rejection {
    return new Rejection([{ message, extensions: { code: 'BAD_USER_INPUT' } }], status);
  }

  /** `allow` lists the allowed methods, separated by commas. */
  static method(allow: string, message = `The methods allowed here are ${allow}.`): Rejection {
    return new Rejection([{ message, extensions: { code: 'BAD_USER_INPUT' } }], 405, allow);
  }

  static tooLarge(bytes: number): Rejection {
    return Rejection.of(new LimitExceeded(`The body may have ${bytes} bytes.`), 413);
  }
}

export function refusalExtensions(refusal: Refusal): Record<string, unknown> {
  if (refusal instanceof BadUserInput) return { code: refusal.code, path: refusal.path };
  if (refusal instanceof Overloaded || refusal instanceof RateLimited) {
    return { code: refusal.code, retryAfterSeconds: refusal.retryAfterSeconds };
  }
  return { code: refusal.code };
}

/** GraphQL over HTTP: a well-formed request that GraphQL refuses is 200 as application/json, and 400 as graphql-response. */
export function statusOf(rejected: { readonly status: number | null }, mediaType: MediaType): number {
  return rejected.status ?? (mediaType === 'application/json' ? 200 : 400);
}
