/** Adds a mutation in the usual shape: one input, then a payload or a typed error. Values cached before it are forgotten. */

import type { InputRef, ObjectRef, SchemaTypes, UnionRef } from '@pothos/core';
import type { ErrorFieldOptions } from '@pothos/plugin-errors';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { clearCaches, type Scopes } from './scopes.ts';

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Known> ? Known : never;
type RefusalTypes = NonNullable<ErrorFieldOptions<SchemaTypes, 'String', unknown, false>['types']>;

interface Mutation<Given extends object, Done extends object> {
  readonly description: string;
  /** Who may call it. The use case checks again under its row locks, and also whether the panel is locked or suspended. */
  readonly who: Scopes;
  readonly input: InputRef<Given>;
  /** The description of the argument `input`. */
  readonly argument: string;
  run(input: Given, ctx: Context): Promise<Done>;
}

interface WithPayload<Given extends object, Done extends object> extends Mutation<Given, Done> {
  readonly payload: ObjectRef<Types, Done>;
  /** The refusals that are members of the result union, in that order. */
  readonly refusals: RefusalTypes;
  /** The description of the result union, which is named like the mutation, with the suffix Result. */
  readonly result: string;
}

interface WithUnion<Given extends object, Done extends object> extends Mutation<Given, Done> {
  /** A result union that a batch mutation also uses for its items. */
  readonly union: UnionRef<Types, Done>;
}

/** Adds the mutation to the schema. */
export function mutation<Given extends object, Done extends object>(
  name: string,
  one: WithPayload<Given, Done> | WithUnion<Given, Done>,
): void {
  add(name, one);
}

function add(name: string, one: WithPayload<object, object> | WithUnion<object, object>): void {
  const { argument, description, input, who } = one;
  builder.mutationField(name, (t) => {
    const options = {
      description,
      authScopes: who,
      args: { input: t.arg({ type: input, required: true, description: argument }) },
      resolve: async (_root: object, args: { readonly input: object }, ctx: Context) => {
        const done = await one.run(args.input, ctx);
        clearCaches(ctx);
        return done;
      },
    };
    if ('union' in one) return t.field({ ...options, type: one.union });
    const union = { name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Result`, description: one.result };
    return t.field({ ...options, type: one.payload, errors: { types: one.refusals, union } });
  });
}
