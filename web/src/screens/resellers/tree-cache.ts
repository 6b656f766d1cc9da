/** Adds new and moved panels to the lists that are loaded. */

import type { ApolloCache, Reference } from '@apollo/client';
import { isReference } from '@apollo/client/utilities';

interface Connection {
  readonly totalCount?: number | null;
  readonly edges?: readonly { readonly node?: Reference }[];
}

type Node = { readonly __typename: 'Reseller'; readonly id: string };

/** A new panel is its parent's newest child: where a list of them was loaded, it stands there without being asked for. */
export function addChild(cache: ApolloCache, parentId: string, child: Node): void {
  const ref = cache.identify(child);
  cache.modify<{ children: Connection }>({
    id: cache.identify({ __typename: 'Reseller', id: parentId }),
    fields: {
      children(existing, { storeFieldName, toReference }) {
        // It holds credits, so it is none of the locked ones.
        if (storeFieldName.includes('"locked":true')) return existing;
        const node = ref === undefined ? undefined : toReference(ref);
        if (isReference(existing) || !existing.edges || !node || existing.edges.some((edge) => edge.node?.__ref === ref)) return existing;
        const edge = { __typename: 'ResellerEdge', cursor: '', node };
        return {
          ...existing,
          totalCount: (existing.totalCount ?? 0) + 1,
          edges: storeFieldName.includes('"order":"NEWEST"') ? [edge, ...existing.edges] : [...existing.edges, edge],
        };
      },
    },
  });
}
