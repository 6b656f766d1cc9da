/** Refuses operations whose estimated cost is above the limit. */

import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { LimitExceeded } from '../../src/kernel/errors.ts';
import { MAX_COMPLEXITY } from './limits.ts';

/**
 * Refuses an operation that costs too much, before its first root field is resolved or subscribed to. Fields declare their cost
 * with Pothos' complexity plugin, which also adds the costs up. That plugin's own check is not used: it counts again at every
 * field, request and event, and never when a subscription begins. Most documents cost the same whatever their variables, so
 * they are counted once.
 */
class CostPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: GraphQLFieldResolver<unknown, object, object>, field: PothosOutputFieldConfig<Types>) {
    if (field.kind !== 'Query' && field.kind !== 'Mutation') return resolve;
    return checkedFirst(resolve);
  }

  override wrapSubscribe(subscribe: GraphQLFieldResolver<unknown, object, object>) {
    return checkedFirst(subscribe);
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      cost: CostPlugin<Types>;
    }
  }
}

export const COST_PLUGIN = 'cost';

SchemaBuilder.registerPlugin(COST_PLUGIN, CostPlugin);

function checkedFirst(resolve: GraphQLFieldResolver<unknown, object, object>): GraphQLFieldResolver<unknown, object, object> {
  return (source, args, context, info) => {
    if (!affordable.has(info.operation)) check(info);
    return resolve(source, args, context, info);
  };
}

/** Operations within the limit whose cost does not depend on variables. */
const affordable = new WeakSet<OperationDefinitionNode>();

function check({ fragments, operation, schema, variableValues }: GraphQLResolveInfo): void {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] };
  const { complexity } = complexityFromQuery(document, { schema, variables: variableValues });
  if (complexity > MAX_COMPLEXITY) {
    const limit = `The operation costs ${complexity}; at most ${MAX_COMPLEXITY} is allowed.`;
    throw new LimitExceeded(`${limit} Request fewer nodes or fields at once.`);
  }
  if (!operation.variableDefinitions?.some(({ type }) => isCounted(type))) affordable.add(operation);
}

/** Whether a variable of this type can change the cost: page sizes (Int) and lists of ids do. */
function isCounted(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isCounted(type.type);
  return type.kind === Kind.LIST_TYPE || type.name.value === 'Int';
}
