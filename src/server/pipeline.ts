import { createSourceEventStream, type ExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { createDocuments, type Operation } from './documents.ts';
import { createExecutor, type Variables } from './executor.ts';
import { variableProblems } from './input-problems.ts';
import type { Limits } from './limits.ts';
import { createPresenter, type PresenterOptions } from './present.ts';
import { Rejection } from './rejection.ts';

export type { Operation } from './documents.ts';

/** What a client asked for, whatever door it came through. */
export interface Ask {
  readonly operation: Operation;
  readonly variables: Variables;
  readonly requestId: string;
  /** Whether its compiled form may answer, and be made: only where speed matters, and never for strangers. */
  readonly mayCompile: boolean;
}

/** The result as the client may see it. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** What every door does with a document: parse, limits, validation, execution, masking. The doors differ in how they carry it. */
export interface Pipeline {
  prepare(text: string, operationName: string | undefined): Operation | Rejection;
  /** A query or a mutation. Never rejects; answers at once where no resolver waits. */
  execute(ask: Ask, context: object): Result | Rejection | Promise<Result | Rejection>;
  /**
   * A subscription, begun with `context`: one result for each event. `contextOfEvent` is asked at each, so that nothing
   * cached for one event answers the next. The iterator throws a Rejection when the source throws.
   */
  subscribe(ask: Ask, context: object, contextOfEvent: () => object): Promise<AsyncIterableIterator<Result> | Rejection>;
  /** What was thrown outside of an execution, for the client. */
  reject(error: unknown, requestId: string): Rejection;
}

export function createPipeline(schema: GraphQLSchema, limits: Limits, options: PresenterOptions): Pipeline {
  const documents = createDocuments(schema, limits);
  const executor = createExecutor(schema, limits);
  const presenter = createPresenter(options);

  function reject(error: unknown, requestId: string): Rejection {
    if (error instanceof Rejection) return error;
    return new Rejection([presenter.present(error, requestId)]);
  }

  function answer(result: ExecutionResult, ask: Ask): Result | Rejection {
    if (result.errors === undefined) return result;
    if (result.data === undefined) {
      const { document, definition } = ask.operation;
      const problems = variableProblems(schema, document, definition, ask.variables);
      if (problems.length > 0) return new Rejection(problems);
    }
    const errors = result.errors.map((error) => presenter.present(error, ask.requestId));
    return result.data === undefined ? new Rejection(errors) : { errors, data: result.data };
  }

  function run(ask: Ask, rootValue: unknown, context: object): Result | Rejection | Promise<Result | Rejection> {
    try {
      const result = executor.run(ask.operation, rootValue, context, ask.variables, ask.mayCompile);
      if (!(result instanceof Promise)) return answer(result, ask);
      return result.then(
        (settled) => answer(settled, ask),
        (error: unknown) => reject(error, ask.requestId),
      );
    } catch (error) {
      return reject(error, ask.requestId);
    }
  }

  return {
    prepare: documents.prepare,
    reject,
    execute: (ask, context) => run(ask, undefined, context),
    async subscribe(ask, context, contextOfEvent) {
      const { document, name } = ask.operation;
      try {
        const source = await createSourceEventStream({
          schema,
          document,
          contextValue: context,
          variableValues: ask.variables,
          operationName: name,
        });
        if (!(Symbol.asyncIterator in source)) {
          const answered = answer(source, ask);
          return answered instanceof Rejection ? answered : new Rejection(answered.errors ?? []);
        }
        return mapEvents(
          source[Symbol.asyncIterator](),
          (event) => run(ask, event, contextOfEvent()),
          (error) => reject(error, ask.requestId),
        );
      } catch (error) {
        return reject(error, ask.requestId);
      }
    },
  };
}

/** Not an async generator: its `return` would wait for a `next` that may never settle. */
function mapEvents(
  source: AsyncIterator<unknown>,
  execute: (event: unknown) => Result | Rejection | Promise<Result | Rejection>,
  reject: (error: unknown) => Rejection,
): AsyncIterableIterator<Result> {
  return {
    async next() {
      try {
        const step = await source.next();
        if (step.done) return { done: true, value: undefined };
        const result = await execute(step.value);
        if (result instanceof Rejection) throw result;
        return { done: false, value: result };
      } catch (error) {
        await source.return?.();
        throw reject(error);
      }
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
