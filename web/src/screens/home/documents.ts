/** The GraphQL documents of the start page. */

import { graphql } from '../../gql/gql.ts';

export const LatestDocument = graphql(`
  query Latest($id: ID!) {
    reseller(id: $id) {
      id
      account {
        id
        statement(first: 8) {
          edges { cursor node { ...EntryRow } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const FiguresDocument = graphql(`
  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $soon: DateTime!) {
    reseller(id: $id) {
      id
      branch { activeCustomers }
      customers(first: 1, status: ACTIVE) { totalCount }
      expiring: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }
      report(from: $from, to: $to, by: MONTH) {
        total { activation renewal screens newCustomers renewedCustomers }
      }
    }
  }
`);
