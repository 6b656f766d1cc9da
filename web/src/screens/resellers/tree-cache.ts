/** Adds new and moved panels to the lists that are loaded. */

import type { ApolloCache, Reference } from '@apollo/client';
import { isReference } from '@apollo/client/utilities';

interface Connection {
  readonly totalCount?: number | null;
  readonly edges?: readonly { readonly node?: Reference }[];
}

type Node = { readonly __typename: 'Reseller'; readonly id: string };

/** A new panel is its parent's last child: where a list of them was loaded, it stands there without being asked for. */
export function addChild(cache: ApolloCache, parentId: string, child: Node): void {
  const ref = cache.identify(child);
  cache.modify<{ children: Connection }>({
    id: cache.identify({ __typename: 'Reseller', id: parentId }),
    fields: {
      children(existing, { toReference }) {
        const node = ref === undefined ? undefined : toReference(ref);
        if (isReference(existing) || !existing.edges || !node || existing.edges.some((edge) => edge.node?.__ref === ref)) return existing;
        return {
          ...existing,
          totalCount: (existing.totalCount ?? 0) + 1,
          edges: [...existing.edges, { __typename: 'ResellerEdge', cursor: '', node }],
        };
      },
    },
  });
}
