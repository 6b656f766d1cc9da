/** The query for sales that await payment. Lists show those that the buyer reported as paid first. */

import { graphql } from '../gql/gql.ts';

/** An empty search finds every sale. Its cache key keeps this list separate from the paged ones. */
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
