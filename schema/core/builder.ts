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
import { askScopes, reached } from './scopes.ts';
import { SHARED_PATHS_PLUGIN } from './shared-paths-plugin.ts';

/** The schema under construction. Outputs are non-null unless a field says otherwise. */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: {
    /** Counts only when asked; null where counting is not offered. */
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
  // Errors first: it is the outermost wrapper, so that a scope's refusal is a typed error too.
  plugins: [ErrorsPlugin, COST_PLUGIN, SHARED_PATHS_PLUGIN, SCOPE_PLUGIN, PrismaPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  askScopes,
  prisma: {
    client: (ctx) => ctx.ports.prisma,
    dmmf: getDatamodel(),
  },
  relay: {
    cursorType: 'String',
    nodesOnConnection: false,
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The page, in order.',
      // The connection has counted its nodes already.
      complexity: { field: 1, multiplier: 1 },
    },
    nodeFieldOptions: { nullable: false, description: 'The object itself.' },
    cursorFieldOptions: { description: 'Where this edge stands; give it as `after` or `before` to go on from here.' },
    pageInfoFieldOptions: { description: 'Where the page begins and ends, and whether there is more.' },
    pageInfoTypeOptions: {
      description: 'Where a page begins and ends, and whether there is more.',
      ...reached('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'),
    },
    hasNextPageFieldOptions: { description: 'Whether there are nodes after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are nodes before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; null on an empty page.' },
    firstArgOptions: { description: 'How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.' },
    afterArgOptions: { description: 'Only what comes after this cursor.' },
    lastArgOptions: { description: 'How many from the end, 1 to 100; not together with `first`.' },
    beforeArgOptions: { description: 'Only what comes before this cursor.' },
    defaultConnectionTypeOptions: reached('edges', 'pageInfo', 'totalCount'),
    defaultEdgeTypeOptions: reached('node', 'cursor'),
  },
  // What fields cost is said with this plugin; COST_PLUGIN is the one to count and refuse.
  complexity: { disabled: true, defaultListMultiplier: 10 },
});

builder.queryType({ description: 'What can be read.' });
builder.mutationType({ description: 'What can be done. Each takes one `input` and answers its payload or one of its typed errors.' });
builder.subscriptionType({ description: 'What can be watched, over WebSocket (graphql-transport-ws) or server-sent events.' });
