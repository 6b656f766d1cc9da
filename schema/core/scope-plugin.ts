/** Checks a field's scopes before it is resolved or subscribed to. */

import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Scopes } from './scopes.ts';

type ScopesOf<Types extends SchemaTypes, Parent> = Scopes | ((parent: Parent, args: object, ctx: Types['Context']) => Scopes);
type Resolve<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/**
 * Checks a field's `authScopes` before it is resolved or subscribed to. Pothos' own plugin does this with strategies, grants and
 * a cache for every operation: with it, the GraphQL part of a transfer took 29 to 44 µs; with this plugin it takes 22 to 24.
 * Facts that are worth caching for an operation are cached where they are read.
 */
class ScopePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolve<Types>, field: PothosOutputFieldConfig<Types>): Resolve<Types> {
    return field.kind === 'Subscription' ? resolve : this.#guarded(resolve, field);
  }

  override wrapSubscribe(subscribe: Resolve<Types> | undefined, field: PothosOutputFieldConfig<Types>): Resolve<Types> | undefined {
    return subscribe && this.#guarded(subscribe, field);
  }

  #guarded(resolve: Resolve<Types>, { kind, pothosOptions }: PothosOutputFieldConfig<Types>): Resolve<Types> {
    // The field's own options know the type of the parent; here it can be any type.
    const { authScopes: scopes } = pothosOptions as { readonly authScopes?: ScopesOf<Types, unknown> };
    if (scopes === undefined) return resolve;
    const { checkScopes } = this.builder.options;
    const isMutation = kind === 'Mutation';
    return (parent, args, ctx, info) => {
      const checking = checkScopes(typeof scopes === 'function' ? scopes(parent, args, ctx) : scopes, ctx, isMutation);
      return checking === null ? resolve(parent, args, ctx, info) : checking.then(() => resolve(parent, args, ctx, info));
    };
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      scopes: ScopePlugin<Types>;
    }

    export interface SchemaBuilderOptions<Types extends SchemaTypes> {
      /** Throws a refusal that is known at once. Returns a promise if something must be read first; it rejects with the refusal. */
      checkScopes: (scopes: Scopes, ctx: Types['Context'], isMutation: boolean) => Promise<true> | null;
    }

    export interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      authScopes?: ScopesOf<Types, ParentShape>;
    }
  }
}

export const SCOPE_PLUGIN = 'scopes';

SchemaBuilder.registerPlugin(SCOPE_PLUGIN, ScopePlugin);
