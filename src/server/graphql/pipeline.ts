/** What every door does with an operation: limits, validation, execution, masking. */

import { createSourceEventStream, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { requestOrigin } from '../../kernel/request-origin.ts';
import { streamOf } from '../../kernel/stream.ts';
import type { Limits } from '../limits.ts';
import { EventText } from '../websocket/frame.ts';
import { forStrangers } from './admit-operation.ts';
import { createDocuments } from './documents.ts';
import { createExecutor } from './executor.ts';
import { variableProblems } from './input-problems.ts';
import type { Ask, Pipeline, Result } from './operation.ts';
import { createPresenter, type PresenterOptions } from './present-error.ts';
import { Rejection } from './rejection.ts';
import { type AnswerPorts, Answers } from './result-stream.ts';
import { createSharedResults } from './shared-results.ts';

export interface PipelineOptions extends PresenterOptions {
  /** Whether batches are told whose commands they post, for traces and log lines. */
  readonly isFollowed?: boolean;
}

/** The one pipeline, which all doors share. */
export function createPipeline(schema: GraphQLSchema, limits: Limits, options: PipelineOptions): Pipeline {
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

  /** As `run`, and whose commands these are is known down to their batch. It costs a twentieth of a transfer (ADR-0112). */
  function follow(ask: Ask, context: object): ReturnType<typeof run> {
    const { operation, requestId, span } = ask;
    span?.operation(operation.kind, operation.name);
    return operation.kind === 'mutation'
      ? requestOrigin.run({ requestId, span }, run, ask, undefined, context)
      : run(ask, undefined, context);
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
    execute: options.isFollowed ? follow : (ask, context) => run(ask, undefined, context),
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
