/** A hook that keeps the balances of a branch live. */

import { useApolloClient, useSubscription } from '@apollo/client/react';
import { BranchChangesDocument, ChildrenDocument, type ListOfPanels, type Panel } from './documents.ts';

/**
 * Keeps every balance and lock of the branch in the cache live while it is used. A panel that was made meanwhile by somebody
 * else is not in any list yet: then the lists that are open are asked for again.
 */
export function useBranchChanges(list: ListOfPanels): void {
  const apollo = useApolloClient();
  useSubscription(BranchChangesDocument, {
    onData: ({ data: { data } }) => {
      const changed = data?.branchChanged.account.reseller;
      if (changed?.parent && isListed(changed.parent.id) && !isListedBelow(changed.parent.id, changed.id)) {
        apollo.refetchQueries({ include: [ChildrenDocument] }).catch(() => {});
      }
    },
  });

  function childrenOf(parentId: string): readonly { readonly node: Pick<Panel, 'id'> }[] | undefined {
    return apollo.readQuery({ query: ChildrenDocument, variables: { id: parentId, ...list } })?.reseller?.children?.edges;
  }

  function isListed(parentId: string): boolean {
    return childrenOf(parentId) !== undefined;
  }

  function isListedBelow(parentId: string, id: string): boolean {
    return childrenOf(parentId)?.some(({ node }) => node.id === id) ?? false;
  }
}
