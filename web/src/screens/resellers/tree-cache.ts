/** Adds new and moved panels to the loaded lists. */

import type { ApolloCache, Reference } from '@apollo/client';
import { isReference } from '@apollo/client/utilities';

interface Connection {
  readonly totalCount?: number | null;
  readonly edges?: readonly { readonly node?: Reference }[];
}

type Node = { readonly __typename: 'Reseller'; readonly id: string };

/** Adds a new panel to its parent's loaded lists of children, without another query. */
export function addChild(cache: ApolloCache, parentId: string, child: Node): void {
  const ref = cache.identify(child);
  cache.modify<{ children: Connection }>({
    id: cache.identify({ __typename: 'Reseller', id: parentId }),
    fields: {
      children(existing, { storeFieldName, toReference }) {
        // A new panel has credits, so it does not belong to a list of locked panels.
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
