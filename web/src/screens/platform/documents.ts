/** The GraphQL documents of the platform's screen. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment TenantRow on Reseller {
    id
    name
    status
    account { ...AccountState }
    branch { resellers activeCustomers creditsHeld }
  }
`);

export const TenantsDocument = graphql(`
  query Tenants($first: Int!, $after: String, $search: String) {
    tenants(first: $first, after: $after, search: $search) {
      edges { cursor node { ...TenantRow } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CreateTenantDocument = graphql(`
  mutation CreateTenant($input: CreateTenantInput!) {
    createTenant(input: $input) {
      ... on CreateTenantPayload { reseller { ...TenantRow } replayed }
      ...Refusal
    }
  }
`);

export const IssueCreditsDocument = graphql(`
  mutation IssueCredits($input: IssueCreditsInput!) {
    issueCredits(input: $input) {
      ... on IssueCreditsPayload { transfer { id amount } to { ...AccountState } replayed }
      ...Refusal
    }
  }
`);

export const LedgerHealthDocument = graphql(`
  query LedgerHealth {
    ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt }
  }
`);
