/** Executes operations with graphql-js, and frequent ones with graphql-jit. */

import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Operation } from './documents.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** Runs graphql-js. For frequent operations it runs graphql-jit, which gives the same answers (a test compares them) for a fraction of the CPU. */
export interface Executor {
  /** With `mayCompile` it counts the use, and from the `compileAfter`th use it runs the compiled operation. */
  run(
    operation: Operation,
    rootValue: unknown,
    context: object,
    variables: Variables,
    mayCompile: boolean,
  ): ExecutionResult | Promise<ExecutionResult>;
}

type Run = (rootValue: unknown, context: object, variables: Variables) => ExecutionResult | Promise<ExecutionResult>;

export function createExecutor(schema: GraphQLSchema, limits: { compileAfter: number; compiledOperations: number }): Executor {
  const uses = new WeakMap<Operation, number>();
  const compiled = new LRUCache<Operation, Run>({ max: limits.compiledOperations });

  const interpreter = ({ document, name }: Operation): Run => {
    return (rootValue, contextValue, variableValues) =>
      execute({ schema, document, rootValue, contextValue, variableValues, operationName: name });
  };

  function compiledOr(operation: Operation): Run {
    const known = compiled.get(operation);
    if (known) return known;
    const seen = (uses.get(operation) ?? 0) + 1;
    uses.set(operation, seen);
    if (seen < limits.compileAfter) return interpreter(operation);
    const made = compile(schema, operation) ?? interpreter(operation);
    compiled.set(operation, made);
    return made;
  }

  return {
    run(operation, rootValue, context, variables, mayCompile) {
      const run = mayCompile ? compiledOr(operation) : interpreter(operation);
      return run(rootValue, context, variables);
    },
  };
}

function compile(schema: GraphQLSchema, operation: Operation): Run | null {
  if (isBeyondCompiling(schema, operation)) return null;
  const query = compileQuery(schema, operation.document, operation.name ?? '', { disablingCapturingStackErrors: true });
  return isCompiledQuery(query) ? query.query : null;
}

/**
 * graphql-jit does not know @oneOf, and would accept values that graphql-js refuses. It refuses a variable that leaves out a
 * non-null field with a default. And it puts aliases and variables into plain objects, where __proto__ and other inherited names
 * have another meaning.
 */
function isBeyondCompiling(schema: GraphQLSchema, operation: Operation): boolean {
  const types = new TypeInfo(schema);
  const pending = new Set<unknown>();
  let hasInheritedName = false;
  visit(
    operation.document,
    visitWithTypeInfo(types, {
      Argument: { enter: () => void pending.add(getNamedType(types.getInputType())) },
      Name: {
        enter({ value }) {
          hasInheritedName ||= value in Object.prototype;
        },
      },
    }),
  );
  if (hasInheritedName) return true;
  for (const type of pending) {
    if (!isInputObjectType(type)) continue;
    if (type.isOneOf) return true;
    for (const field of Object.values(type.getFields())) {
      if (field.defaultValue !== undefined && isNonNullType(field.type)) return true;
      pending.add(getNamedType(field.type));
    }
  }
  return false;
}
