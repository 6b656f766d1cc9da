import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Operation } from './documents.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * Runs a query or mutation: with graphql-js, and once an operation was counted `compileAfter` times with graphql-jit,
 * which answers the same (a test compares them) for a fraction of the CPU.
 */
export interface Executor {
  run(operation: Operation, rootValue: unknown, context: object, variables: Variables): ExecutionResult | Promise<ExecutionResult>;
  /** Counts a use of an operation that deserves compiling. */
  count(operation: Operation): void;
}

type Run = (rootValue: unknown, context: object, variables: Variables) => ExecutionResult | Promise<ExecutionResult>;

export function createExecutor(schema: GraphQLSchema, limits: { compileAfter: number; compiledOperations: number }): Executor {
  const uses = new WeakMap<Operation, number>();
  const compiled = new LRUCache<Operation, Run>({ max: limits.compiledOperations });

  const interpret = (operation: Operation): Run => {
    const { document, name } = operation;
    return (rootValue, contextValue, variableValues) =>
      execute({ schema, document, rootValue, contextValue, variableValues, operationName: name });
  };

  return {
    run(operation, rootValue, context, variables) {
      const run = compiled.get(operation) ?? interpret(operation);
      return run(rootValue, context, variables);
    },
    count(operation) {
      if (operation.kind === 'subscription' || compiled.has(operation)) return;
      const seen = (uses.get(operation) ?? 0) + 1;
      uses.set(operation, seen);
      if (seen >= limits.compileAfter) compiled.set(operation, compile(schema, operation) ?? interpret(operation));
    },
  };
}

function compile(schema: GraphQLSchema, operation: Operation): Run | null {
  if (isBeyondCompiling(schema, operation)) return null;
  const query = compileQuery(schema, operation.document, operation.name ?? '', { disablingCapturingStackErrors: true });
  return isCompiledQuery(query) ? query.query : null;
}

/** graphql-jit does not know @oneOf: it would accept what graphql-js refuses. And it refuses a variable that leaves a field with a default out. */
function isBeyondCompiling(schema: GraphQLSchema, operation: Operation): boolean {
  const types = new TypeInfo(schema);
  const pending = new Set<unknown>();
  visit(
    operation.document,
    visitWithTypeInfo(types, {
      Argument: { enter: () => void pending.add(getNamedType(types.getInputType())) },
    }),
  );
  for (const type of pending) {
    if (!isInputObjectType(type)) continue;
    if (type.isOneOf) return true;
    for (const field of Object.values(type.getFields())) {
      if (field.defaultValue !== undefined) return true;
      pending.add(getNamedType(field.type));
    }
  }
  return false;
}
