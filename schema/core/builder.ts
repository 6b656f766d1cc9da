/** The Pothos schema builder with its plugins, scalars and defaults. */

import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type PrismaTypes from '../../prisma/generated/pothos.ts';
import { getDatamodel } from '../../prisma/generated/pothos.ts';
import type { Context } from './context.ts';
import { COST_PLUGIN } from './cost-plugin.ts';
import { SCOPE_PLUGIN } from './scope-plugin.ts';
import { checkScopes, reached } from './scopes.ts';
import { SHARED_PATHS_PLUGIN } from './shared-paths-plugin.ts';

/** The schema under construction. Outputs are non-null unless a field says otherwise. */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: {
    /** Counts only when `totalCount` is selected. Null if the list cannot be counted. */
    count: (() => Promise<number>) | null;
  };
  Scalars: {
    ID: { Input: string; Output: string };
    Credits: { Input: number; Output: number | bigint };
    CreditsDelta: { Input: number; Output: number | bigint };
    Version: { Input: number; Output: number | bigint };
    MinorUnits: { Input: number; Output: number | bigint };
    DateTime: { Input: Date; Output: Date };
  };
}>({
  // ErrorsPlugin comes first because it must be the outermost wrapper: a scope's refusal is then a typed error too.
  plugins: [ErrorsPlugin, COST_PLUGIN, SHARED_PATHS_PLUGIN, SCOPE_PLUGIN, PrismaPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  checkScopes,
  prisma: {
    client: (ctx) => ctx.ports.prisma,
    dmmf: getDatamodel(),
  },
  relay: {
    cursorType: 'String',
    nodesOnConnection: false,
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The nodes of this page with their cursors, in the order of the list.',
      // The cost of the connection includes its nodes already.
      complexity: { field: 1, multiplier: 1 },
    },
    nodeFieldOptions: { nullable: false, description: 'The object.' },
    cursorFieldOptions: { description: 'The position of this edge. Send it as `after` or `before` to continue from here.' },
    pageInfoFieldOptions: { description: 'The first and last cursor of the page, and whether there are more pages.' },
    pageInfoTypeOptions: {
      description: 'The first and last cursor of a page, and whether there are more pages.',
      ...reached('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'),
    },
    hasNextPageFieldOptions: { description: 'Whether there are nodes after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are nodes before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge. Null if the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge. Null if the page is empty.' },
    firstArgOptions: { description: 'The number of nodes from the start, 1 to 100. The default is 20 if `last` is not given.' },
    afterArgOptions: { description: 'Returns only the nodes after this cursor.' },
    lastArgOptions: { description: 'The number of nodes from the end, 1 to 100. Not together with `first`.' },
    beforeArgOptions: { description: 'Returns only the nodes before this cursor.' },
    defaultConnectionTypeOptions: reached('edges', 'pageInfo', 'totalCount'),
    defaultEdgeTypeOptions: reached('node', 'cursor'),
  },
  // This plugin only declares what fields cost. COST_PLUGIN adds the costs up and refuses.
  complexity: { disabled: true, defaultListMultiplier: 10 },
});

builder.queryType({ description: 'All queries.' });
builder.mutationType({ description: 'All mutations. Most take one `input` and return their payload or one of their typed errors.' });
builder.subscriptionType({ description: 'All subscriptions, over WebSocket (graphql-transport-ws) or server-sent events.' });
