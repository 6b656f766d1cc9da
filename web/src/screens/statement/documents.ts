/** The GraphQL document of the statement. */

import { graphql } from '../../gql/gql.ts';

export const StatementDocument = graphql(`
  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {
    reseller(id: $id) {
      id
      account {
        id
        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {
          pageInfo { hasNextPage endCursor }
          edges { cursor node { ...EntryRow transfer { ...Undoing } } }
        }
      }
    }
  }
`);
