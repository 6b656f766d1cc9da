/** The GraphQL documents of undoing a spend. */

import { graphql } from '../gql/gql.ts';

/** Not part of the live stream's entries: the values depend on the viewer and change without a new entry. */
export const UndoingFragment = graphql(`
  fragment Undoing on Transfer {
    id
    undoableUntil
    undoneBy { id }
  }
`);

/** A panel's newest spends, and whether they were undone. A locked panel may query this. */
export const OwnSpendsDocument = graphql(`
  query OwnSpends($id: ID!) {
    reseller(id: $id) {
      id
      account {
        id
        statement(first: 20, kinds: [ACTIVATION, RENEWAL, SCREENS, UNDO]) {
          edges { cursor node { ...EntryRow transfer { ...Undoing } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const UndoSpendingDocument = graphql(`
  mutation UndoSpending($input: UndoSpendingInput!) {
    undoSpending(input: $input) {
      ... on UndoSpendingPayload { account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);
