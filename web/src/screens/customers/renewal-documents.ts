/** The GraphQL documents for the link to a customer's own page. */

import { graphql } from '../../gql/gql.ts';

export const RenewalLinkDocument = graphql(`
  query RenewalLink($id: ID!) {
    customer(id: $id) { id renewalLink }
  }
`);

export const ResetRenewalLinkDocument = graphql(`
  mutation ResetRenewalLink($input: ResetRenewalLinkInput!) {
    resetRenewalLink(input: $input) {
      ... on ResetRenewalLinkPayload { customer { id renewalLink } }
      ...Refusal
    }
  }
`);
