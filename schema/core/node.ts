/** The Node interface, and the id field of the types that implement it. */

import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { encodeId, type Nameable, type NodeType } from './global-id.ts';

/** Whatever has an id. Rows say what they are when they are reached through `node` (see read-node.ts). */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object with an id of its own.',
  fields: (t) => ({
    id: t.id({
      description: 'An opaque id: unique, and the same at every reading by the same viewer (to the platform, ids also name the tenant).',
      resolve: () => '',
    }),
  }),
});

/** The options of a type's own `id`. */
export function idField<Row>(type: NodeType, named: (row: Row) => Nameable) {
  return {
    description: 'An opaque id: unique, and the same at every reading by the same viewer (to the platform, ids also name the tenant).',
    resolve: (row: Row, _args: unknown, ctx: Context) => encodeId(ctx, type, named(row)),
  };
}
