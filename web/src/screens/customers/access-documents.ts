/** The GraphQL documents of what a customer signs in to the service with. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment CustomerAccess on Customer {
    id
    access { login secret updatedAt }
  }
`);

export const CustomerAccessDocument = graphql(`
  query CustomerAccess($id: ID!) {
    customer(id: $id) { ...CustomerAccess }
  }
`);

export const ResetAccessDocument = graphql(`
  mutation ResetAccess($input: ResetAccessInput!) {
    resetAccess(input: $input) {
      ... on ResetAccessPayload { customer { ...CustomerAccess } }
      ...Refusal
    }
  }
`);
