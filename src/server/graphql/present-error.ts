/** Turns any thrown value into the error that a client may see. */

import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Overloaded, Refusal } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { refusalExtensions } from './rejection.ts';

/** Codes that clients may see. Any other error is a bug, and its text stays in the log. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'PASSWORD_CHANGE_REQUIRED',
  'NOT_FOUND',
  'PANEL_LOCKED',
  'PANEL_SUSPENDED',
  'BAD_USER_INPUT',
  'LIMIT_EXCEEDED',
  'OVERLOADED',
  'RATE_LIMITED',
]);

/** The message of graphql-js and graphql-jit for an argument whose variable is missing, null or wrong. */
const ARGUMENT_PROBLEM = /^Argument "(\w+)" (?:of (?:non-null|required) type|has invalid value)/;

const EMAIL = /[^\s"'<>(),:]+@[^\s"'<>(),:]+/g;

/** The client may retry; a command keeps its idempotency key. */
const UNAVAILABLE = new Overloaded(1, 'The database is not available at the moment: try again.');

type Extensions = Record<string, unknown> & { readonly message: string; readonly code: string };

export interface Presenter {
  /** Turns an error of an execution into one for the client. An unexpected error is logged with an id and masked. */
  present(error: unknown, requestId: string): GraphQLFormattedError;
  /** Whether an error of an execution is final: a retry, or another database, would give the same. */
  isAnswer(error: unknown): boolean;
}

export interface PresenterOptions {
  readonly log: Logger;
  /** Whether an error only means that the database is not available at the moment. Absent: never. */
  readonly isUnavailable?: (error: unknown) => boolean;
  /** Called with the code of every error that is sent. */
  readonly refused?: (code: string) => void;
}

export function createPresenter({ log, refused, isUnavailable = () => false }: PresenterOptions): Presenter {
  function answered(cause: unknown): Extensions | null {
    if (cause instanceof Refusal && PUBLIC_CODES.has(cause.code)) {
      return { message: cause.message, ...refusalExtensions(cause), code: cause.code };
    }
    if (cause instanceof GraphQLError) {
      const code = cause.extensions?.code;
      if (typeof code === 'string' && PUBLIC_CODES.has(code)) return { message: cause.message, ...cause.extensions, code };
      const path = ARGUMENT_PROBLEM.exec(cause.message)?.[1];
      if (path !== undefined) return { message: cause.message, code: 'BAD_USER_INPUT', path };
    }
    return null;
  }

  function extensionsOf(error: unknown, requestId: string): Extensions {
    const cause = causeOf(error);
    const known = answered(cause);
    if (known !== null) return known;
    if (isUnavailable(cause)) {
      log.warn({ requestId, err: describe(cause) }, 'the database is not available');
      return { message: UNAVAILABLE.message, ...refusalExtensions(UNAVAILABLE), code: UNAVAILABLE.code };
    }
    const id = randomUUID();
    const path = error instanceof GraphQLError ? error.path?.join('.') : undefined;
    log.error({ id, requestId, path, err: describe(cause) }, 'internal error');
    return { message: 'Internal error', code: 'INTERNAL_SERVER_ERROR', id };
  }

  return {
    isAnswer: (error) => answered(causeOf(error)) !== null,
    present(error, requestId) {
      const { message, ...extensions } = extensionsOf(error, requestId);
      refused?.(extensions.code);
      if (!(error instanceof GraphQLError)) return { message, extensions };
      const { locations, path } = error;
      return { message, ...(locations && { locations }), ...(path && { path }), extensions };
    },
  };
}

/** The original error, below the GraphQL errors that wrap it. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** An error of an execution for the log. */
export function describeError(error: unknown): object {
  return describe(causeOf(error));
}

/** The facts that help to find the bug. E-mail addresses are removed, because drivers put values into messages. */
function describe(cause: unknown): { type: string; code?: unknown; message: string; stack?: string } {
  if (!(cause instanceof Error)) return { type: typeof cause, message: 'something that is not an error was thrown' };
  return {
    type: cause.name,
    ...('code' in cause && { code: cause.code }),
    message: cause.message.replace(EMAIL, '[removed]'),
    ...(cause.stack && { stack: cause.stack.replace(EMAIL, '[removed]') }),
  };
}
