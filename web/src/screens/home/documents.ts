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
  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {
    reseller(id: $id) {
      id
      branch { activeCustomers }
      customers(first: 1, status: ACTIVE) { totalCount }
      ...QuickCounts
      report(from: $from, to: $to, by: MONTH) {
        total { activation renewal screens newCustomers renewedCustomers receivedMinor creditCostMinor }
        currency expectedMinor
      }
    }
  }
`);

export const MessagesWaitingDocument = graphql(`
  query MessagesWaiting {
    viewer { messagesWaiting }
  }
`);

/** The children with the least credits first, each with the credits that it spent and passed on. */
export const ChildrenDocument = graphql(`
  query ChildrenAtHome($id: ID!, $from: DateTime!, $to: DateTime!) {
    reseller(id: $id) {
      id
      children(first: 20, order: BALANCE) {
        edges {
          node {
            id
            name
            status
            account { ...AccountState }
            report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } }
          }
        }
        pageInfo { hasNextPage }
      }
    }
  }
`);
