/** The sales that wait for money, of which the reported ones come first wherever sales are shown. */

import { graphql } from '../gql/gql.ts';

/** An empty search is none; it keeps this list apart from those that are paged in the cache. */
export const WaitingSalesDocument = graphql(`
  query WaitingSales {
    viewer {
      sales(first: 100, status: PENDING, search: "") {
        edges { cursor node { ...SaleRow } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);
