/** The GraphQL documents of the search. */

import { graphql } from '../../gql/gql.ts';

/** Searches everything in one request, but only lists that the viewer may read. `number`: finds purchases and sales by number. */
export const SearchDocument = graphql(`
  query Search(
    $text: String!
    $number: String!
    $bought: Int
    $byText: Boolean!
    $platform: Boolean!
    $sold: Boolean!
    $buys: Boolean!
  ) {
    tenants(first: 5, search: $text) @include(if: $platform) {
      edges { node { id name } }
    }
    viewer {
      panel: reseller @include(if: $byText) {
        id
        customers(first: 6, search: $text) { edges { node { id name contact status expiresAt } } }
        descendants(first: 5, search: $text) { edges { node { id name account { id balance } parent { id name } } } }
      }
      buyer: reseller @include(if: $buys) {
        id
        purchases(first: 1, number: $bought) { edges { node { id number quantity status } } }
      }
      sales(first: 3, search: $number) @include(if: $sold) {
        edges { node { id number quantity status buyer { id name } } }
      }
    }
  }
`);
