/** A hook that keeps the balances of a branch live. */

import { useApolloClient, useSubscription } from '@apollo/client/react';
import { BranchChangesDocument, ChildrenDocument, type ListOfPanels, type Panel } from './documents.ts';

/**
 * Keeps every balance and lock of the branch live in the cache while the hook is mounted. A panel that somebody else has created
 * is in no list yet, so its change makes the open lists load again.
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
