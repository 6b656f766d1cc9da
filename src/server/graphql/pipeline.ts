/** The steps of every operation: limits, validation, execution, masking. */

import { createSourceEventStream, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { requestOrigin } from '../../kernel/request-origin.ts';
import { streamOf } from '../../kernel/stream.ts';
import type { Limits } from '../limits.ts';
import { EventText } from '../websocket/frame.ts';
import { forAnonymous } from './admit-operation.ts';
import { createDocuments } from './documents.ts';
import { createExecutor } from './executor.ts';
import { variableProblems } from './input-problems.ts';
import type { OperationRequest, Pipeline, Result } from './operation.ts';
import { createPresenter, describeError, type PresenterOptions } from './present-error.ts';
import { Rejection } from './rejection.ts';
import { type AnswerPorts, Answers } from './result-stream.ts';
import { createSharedResults } from './shared-results.ts';

export interface PipelineOptions extends PresenterOptions {
  /** Whether batches know which requests their commands come from, for traces and log lines. */
  readonly isFollowed?: boolean;
  /** The replica that queries read. Absent or null: they read the primary. */
  readonly replica?: QueryReplica | null;
}

/** A read replica for queries. Mutations and subscriptions, with their results, read the primary. */
export interface QueryReplica {
  /** Returns a function that makes a query's context read the replica, once it has everything committed before. Null: read the primary. */
  caughtUp(): Promise<((context: object) => object) | null>;
  /** Call this when a read from the replica failed. */
  failed(): void;
}

/** Creates the pipeline, which all handlers share. */
export function createPipeline(schema: GraphQLSchema, limits: Limits, options: PipelineOptions): Pipeline {
  const documents = createDocuments(schema, limits);
  const executor = createExecutor(schema, limits);
  const presenter = createPresenter(options);
  const shared = createSharedResults();

  function reject(error: unknown, requestId: string): Rejection {
    if (error instanceof Rejection) return error;
    return new Rejection([presenter.present(error, requestId)]);
  }

  function answer(result: ExecutionResult, request: OperationRequest): Result | Rejection {
    if (result.errors === undefined) return result;
    if (result.data === undefined) {
      const { document, definition, rootFields } = request.operation;
      const problems = variableProblems(schema, document, definition, request.variables);
      if (problems.length > 0) return request.isSignedIn ? new Rejection(problems) : forAnonymous(new Rejection(problems), rootFields);
    }
    const errors = result.errors.map((error) => presenter.present(error, request.requestId));
    return result.data === undefined ? new Rejection(errors) : { errors, data: result.data };
  }

  function run(
    request: OperationRequest,
    rootValue: unknown,
    context: object,
    mayCompile = request.mayCompile,
  ): Result | Rejection | Promise<Result | Rejection> {
    try {
      const result = executor.run(request.operation, rootValue, context, request.variables, mayCompile);
      if (!(result instanceof Promise)) return answer(result, request);
      return result.then(
        (settled) => answer(settled, request),
        (error: unknown) => reject(error, request.requestId),
      );
    } catch (error) {
      return reject(error, request.requestId);
    }
  }

  /** Runs a query on the replica. If the replica fails, runs it on the primary. */
  async function runAtReplica(replica: QueryReplica, request: OperationRequest, context: object): Promise<Result | Rejection> {
    const toReplica = await replica.caughtUp();
    if (toReplica === null) return run(request, undefined, context);
    try {
      const result = await executor.run(request.operation, undefined, toReplica(context), request.variables, request.mayCompile);
      const errors = result.data === undefined ? [] : (result.errors ?? []);
      if (errors.every(presenter.isAnswer)) return answer(result, request);
      options.log.debug({ requestId: request.requestId, err: describeError(errors[0]) }, 'the read replica failed');
    } catch (error) {
      options.log.debug({ requestId: request.requestId, err: describeError(error) }, 'the read replica failed');
    }
    replica.failed();
    return run(request, undefined, context);
  }

  function query(request: OperationRequest, context: object): ReturnType<typeof run> {
    const { replica } = options;
    // Introspection reads nothing from the database.
    const reads =
      replica && request.operation.kind === 'query' && [...request.operation.rootFields].some((field) => !field.startsWith('__'));
    return reads ? runAtReplica(replica, request, context) : run(request, undefined, context);
  }

  /** Runs an operation so that the batch of its commands knows this request. It costs a twentieth of a transfer (ADR-0112). */
  function follow(request: OperationRequest, context: object): ReturnType<typeof run> {
    const { operation, requestId, span } = request;
    span?.operation(operation.kind, operation.name);
    return operation.kind === 'mutation'
      ? requestOrigin.run({ requestId, span }, run, request, undefined, context)
      : query(request, context);
  }

  const answers: AnswerPorts = {
    reject,
    answer: (event, request, requestKey, contexts) =>
      shared.answer(event, request.operation, requestKey, () => {
        const result = run(request, event, contexts.next(), true);
        return result instanceof Promise ? result.then(textOf) : textOf(result);
      }),
  };

  return {
    prepare: documents.prepare,
    reject,
    execute: options.isFollowed ? follow : query,
    async subscribe(request, contexts) {
      const { document, kind, name } = request.operation;
      request.span?.operation(kind, name);
      try {
        const source = await createSourceEventStream({
          schema,
          document,
          contextValue: contexts.first,
          variableValues: request.variables,
          operationName: name,
        });
        if (Symbol.asyncIterator in source) {
          return new Answers(answers, streamOf(source[Symbol.asyncIterator]()), request, contexts);
        }
        const answered = answer(source, request);
        return answered instanceof Rejection ? answered : new Rejection(answered.errors ?? []);
      } catch (error) {
        return reject(error, request.requestId);
      }
    },
  };
}

function textOf(result: Result | Rejection): EventText | Rejection {
  return result instanceof Rejection ? result : new EventText(JSON.stringify(result));
}
