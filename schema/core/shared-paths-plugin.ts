/** Lets Pothos find the rows that a query has loaded when graphql-jit executes the query. */

import SchemaBuilder, { BasePlugin, createContextCache, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';

type Path = GraphQLResolveInfo['path'];

/** `info` is the fourth parameter of a resolver. */
const INFO_POSITION = 4;

/**
 * Pothos' Prisma plugin stores the rows of a query under the path object of the field that planned it. Fields below look the rows
 * up by the path objects that their own path links to. graphql-js shares these objects, but graphql-jit creates new ones for each
 * field, so nothing was found and every row of a page was read again by itself. This plugin makes both executors use one object
 * for each path of an operation.
 */
class SharedPathsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: GraphQLFieldResolver<unknown, object, object>, field: PothosOutputFieldConfig<Types>) {
    // A resolver without `info` never uses its path. Most fields are like that, so they are not wrapped.
    if (resolve.length < INFO_POSITION) return resolve;
    const isLeaf = field.type.kind === 'Scalar' || field.type.kind === 'Enum';
    const isPlanned = field.extensions?.pothosPrismaSelect !== undefined;
    return isLeaf && !isPlanned ? resolve : underSharedPath(resolve);
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      sharedPaths: SharedPathsPlugin<Types>;
    }
  }
}

export const SHARED_PATHS_PLUGIN = 'sharedPaths';

SchemaBuilder.registerPlugin(SHARED_PATHS_PLUGIN, SharedPathsPlugin);

function underSharedPath(resolve: GraphQLFieldResolver<unknown, object, object>): GraphQLFieldResolver<unknown, object, object> {
  return (source, args, context, info) => {
    // Paths of graphql-js contain the type's name, and are shared already.
    if (info.path.typename !== undefined) return resolve(source, args, context, info);
    return resolve(source, args, context, { ...info, path: placeOf(placesOf(context), info.path).path });
  };
}

interface Place {
  readonly path: Path;
  below: Places | null;
}

type Places = Map<string | number, Place>;

/** The path objects of an operation, from its root down. */
const placesOf = createContextCache((): Places => new Map());

function placeOf(root: Places, { key, prev, typename }: Path): Place {
  const above = prev === undefined ? null : placeOf(root, prev);
  const places = above === null ? root : placesBelow(above);
  const known = places.get(key);
  if (known !== undefined) return known;
  const place: Place = { path: { key, prev: above?.path, typename }, below: null };
  places.set(key, place);
  return place;
}

function placesBelow(place: Place): Places {
  place.below ??= new Map();
  return place.below;
}
