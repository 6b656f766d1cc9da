/** What every door does with an operation: limits, validation, execution, masking. */

import { createSourceEventStream, type ExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { type Stream, streamOf } from '../../kernel/stream.ts';
import type { Limits } from '../limits.ts';
import { EventText } from '../websocket/frame.ts';
import { forStrangers } from './admit-operation.ts';
import { createDocuments, type Operation } from './documents.ts';
import { createExecutor, type Variables } from './executor.ts';
import { variableProblems } from './input-problems.ts';
import { createPresenter, type PresenterOptions } from './present-error.ts';
import { Rejection } from './rejection.ts';
import { type AnswerPorts, Answers } from './result-stream.ts';
import { createSharedResults } from './shared-results.ts';

/** What a client asked for, whatever door it came through. */
export interface Ask {
  readonly operation: Operation;
  readonly variables: Variables;
  readonly isSignedIn: boolean;
  readonly requestId: string;
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

export function createPipeline(schema: GraphQLSchema, limits: Limits, options: PresenterOptions): Pipeline {
  const documents = createDocuments(schema, limits);
  const executor = createExecutor(schema, limits);
  const presenter = createPresenter(options);
  const shared = createSharedResults();

  function reject(error: unknown, requestId: string): Rejection {
    if (error instanceof Rejection) return error;
    return new Rejection([presenter.present(error, requestId)]);
  }

  function answer(result: ExecutionResult, ask: Ask): Result | Rejection {
    if (result.errors === undefined) return result;
    if (result.data === undefined) {
      const { document, definition, rootFields } = ask.operation;
      const problems = variableProblems(schema, document, definition, ask.variables);
      if (problems.length > 0) return ask.isSignedIn ? new Rejection(problems) : forStrangers(new Rejection(problems), rootFields);
    }
    const errors = result.errors.map((error) => presenter.present(error, ask.requestId));
    return result.data === undefined ? new Rejection(errors) : { errors, data: result.data };
  }

  function run(
    ask: Ask,
    rootValue: unknown,
    context: object,
    mayCompile = ask.mayCompile,
  ): Result | Rejection | Promise<Result | Rejection> {
    try {
      const result = executor.run(ask.operation, rootValue, context, ask.variables, mayCompile);
      if (!(result instanceof Promise)) return answer(result, ask);
      return result.then(
        (settled) => answer(settled, ask),
        (error: unknown) => reject(error, ask.requestId),
      );
    } catch (error) {
      return reject(error, ask.requestId);
    }
  }

  const answers: AnswerPorts = {
    reject,
    answer: (event, ask, asked, contexts) =>
      shared.answer(event, ask.operation, asked, () => {
        const result = run(ask, event, contexts.next(), true);
        return result instanceof Promise ? result.then(textOf) : textOf(result);
      }),
  };

  return {
    prepare: documents.prepare,
    reject,
    execute: (ask, context) => run(ask, undefined, context),
    async subscribe(ask, contexts) {
      const { document, name } = ask.operation;
      try {
        const source = await createSourceEventStream({
          schema,
          document,
          contextValue: contexts.first,
          variableValues: ask.variables,
          operationName: name,
        });
        if (Symbol.asyncIterator in source) {
          return new Answers(answers, streamOf(source[Symbol.asyncIterator]()), ask, contexts);
        }
        const answered = answer(source, ask);
        return answered instanceof Rejection ? answered : new Rejection(answered.errors ?? []);
      } catch (error) {
        return reject(error, ask.requestId);
      }
    },
  };
}

function textOf(result: Result | Rejection): EventText | Rejection {
  return result instanceof Rejection ? result : new EventText(JSON.stringify(result));
}
