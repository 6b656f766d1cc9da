/** Lets rows that a query loaded be found again when graphql-jit executes it. */

import SchemaBuilder, { BasePlugin, createContextCache, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';

type Path = GraphQLResolveInfo['path'];

/** Of a resolver's parameters the fourth. */
const INFO_POSITION = 4;

/**
 * Pothos' Prisma plugin notes what a query has loaded under the path of the field it was planned for, as an object, and looks it
 * up from the fields below by the links of theirs. graphql-js shares those links; graphql-jit writes each field a path of its
 * own, nothing was found, and every row of a page was read again, alone. Here both have one object a place and operation.
 */
class SharedPathsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: GraphQLFieldResolver<unknown, object, object>, field: PothosOutputFieldConfig<Types>) {
    // Not what never asks where it stands: it is most fields, and what a page has most of.
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
    // Those of graphql-js name the type, and are shared already.
    if (info.path.typename !== undefined) return resolve(source, args, context, info);
    return resolve(source, args, context, { ...info, path: placeOf(placesOf(context), info.path).path });
  };
}

interface Place {
  readonly path: Path;
  below: Places | null;
}

type Places = Map<string | number, Place>;

/** The places of an operation, from its root down. */
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
