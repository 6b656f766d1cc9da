/** The Node interface, and the id field of the types that implement it. */

import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { encodeId, type Nameable, type NodeType } from './global-id.ts';

/** The interface of all types with an id. Rows that `node` returns are marked with their type (see node-queries.ts). */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object with a global id, which `node` and `nodes` find.',
  fields: (t) => ({
    id: t.id({
      description: 'An opaque, unique id that stays the same for the same viewer. Ids for the platform also contain the tenant.',
      resolve: () => '',
    }),
  }),
});

/** The options of the field `id` of a type. */
export function idField<Row>(type: NodeType, named: (row: Row) => Nameable) {
  return {
    description: 'An opaque, unique id that stays the same for the same viewer. Ids for the platform also contain the tenant.',
    resolve: (row: Row, _args: unknown, ctx: Context) => encodeId(ctx, type, named(row)),
  };
}
