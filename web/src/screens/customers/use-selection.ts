/** The selected customers, for bulk actions. */

import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useViewer } from '../../data/live-context.ts';
import type { CustomerRowFragment, CustomersQueryVariables } from '../../gql/graphql.ts';
import { CustomersDocument } from './documents.ts';

/** The server's largest page. */
const PAGE = 100;
/** The largest selection. A bulk renewal of this size takes minutes. */
export const MOST_SELECTED = 10_000;

/** The selection of each user of this tab, so that opening a customer's page does not lose it. */
const kept = new Map<string, CustomerRowFragment[]>();

export interface Selection {
  readonly selected: CustomerRowFragment[];
  select(customers: CustomerRowFragment[]): void;
  /** Selects all customers that match these filters, on all pages. */
  selectAll(variables: CustomersQueryVariables): Promise<void>;
  /** Whether all matching customers are being fetched. */
  readonly isSelecting: boolean;
}

/** `shown`: the current page. A selected customer on it has the page's state. */
export function useSelection(shown: readonly CustomerRowFragment[] | null): Selection {
  const apollo = useApolloClient();
  const userId = useViewer().user.id;
  const [selected, setSelected] = useState(() => kept.get(userId) ?? []);
  const [isSelecting, setSelecting] = useState(false);
  useEffect(() => {
    kept.set(userId, selected);
  }, [userId, selected]);

  const newest = new Map(shown?.map((customer) => [customer.id, customer]));
  const present = selected.map((customer) => newest.get(customer.id) ?? customer);

  async function selectAll(asked: CustomersQueryVariables): Promise<void> {
    setSelecting(true);
    const all: CustomerRowFragment[] = [];
    try {
      let after: string | null | undefined = null;
      while (after !== undefined && all.length < MOST_SELECTED) {
        // All matching customers, whichever page is shown.
        const variables: CustomersQueryVariables = { ...asked, first: PAGE, after, last: null, before: null };
        const { data } = await apollo.query({ query: CustomersDocument, variables, fetchPolicy: 'no-cache' });
        const page = data?.viewer.reseller?.customers;
        all.push(...(page?.edges.map(({ node }) => node) ?? []));
        after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
      }
      setSelected(all.slice(0, MOST_SELECTED));
    } finally {
      setSelecting(false);
    }
  }

  return { selected: present, select: setSelected, selectAll, isSelecting };
}
