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
  changeChildren(cache, parentId, (list, toReference) => {
    const node = ref === undefined ? undefined : toReference(ref);
    if (!node || list.edges?.some((edge) => edge.node?.__ref === ref)) return list;
    return {
      ...list,
      totalCount: (list.totalCount ?? 0) + 1,
      edges: [...(list.edges ?? []), { __typename: 'ResellerEdge', cursor: '', node }],
    };
  });
}

/** A panel that was moved is no longer a child of this one. */
export function removeChild(cache: ApolloCache, parentId: string, child: Node): void {
  const ref = cache.identify(child);
  changeChildren(cache, parentId, (list) => ({
    ...list,
    totalCount: Math.max(0, (list.totalCount ?? 1) - 1),
    edges: (list.edges ?? []).filter((edge) => edge.node?.__ref !== ref),
  }));
}

type Change = (list: Connection, toReference: (ref: string) => Reference | undefined) => Connection;

function changeChildren(cache: ApolloCache, parentId: string, change: Change): void {
  cache.modify<{ children: Connection }>({
    id: cache.identify({ __typename: 'Reseller', id: parentId }),
    fields: {
      children: (existing, { toReference }) => (isReference(existing) || !existing.edges ? existing : change(existing, toReference)),
    },
  });
}
