/** A mutation in its usual shape: one input, one payload or a typed error, and nothing kept of what was read before it. */

import type { InputRef, ObjectRef, SchemaTypes, UnionRef } from '@pothos/core';
import type { ErrorFieldOptions } from '@pothos/plugin-errors';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { forget, type Scopes } from './scopes.ts';

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Known> ? Known : never;
type RefusalTypes = NonNullable<ErrorFieldOptions<SchemaTypes, 'String', unknown, false>['types']>;

interface Mutation<Given extends object, Done extends object> {
  readonly description: string;
  /** Who may call it. Its use case asks again under its locks, and whether the panel is locked or suspended. */
  readonly who: Scopes;
  readonly input: InputRef<Given>;
  /** What the argument `input` is. */
  readonly argument: string;
  run(input: Given, ctx: Context): Promise<Done>;
}

interface WithPayload<Given extends object, Done extends object> extends Mutation<Given, Done> {
  readonly payload: ObjectRef<Types, Done>;
  /** The refusals that are answered as types, in the order of the union's members. */
  readonly refusals: RefusalTypes;
  /** What the union is: it has the mutation's name with Result. */
  readonly result: string;
}

interface WithUnion<Given extends object, Done extends object> extends Mutation<Given, Done> {
  /** A union that is a batch's items' too. */
  readonly union: UnionRef<Types, Done>;
}

/** Adds it to the schema. */
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
        forget(ctx);
        return done;
      },
    };
    if ('union' in one) return t.field({ ...options, type: one.union });
    const union = { name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Result`, description: one.result };
    return t.field({ ...options, type: one.payload, errors: { types: one.refusals, union } });
  });
}
