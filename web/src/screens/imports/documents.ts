/** The GraphQL documents of imports. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment ImportTotalsFields on ImportTotals {
    resellers
    credits
    customers
    activeCustomers
    trialCustomers
    canceledCustomers
    expiredCustomers
    screens
    screenDays
  }
`);

graphql(`
  fragment ImportFacts on Import {
    id
    version
    status
    source
    fileName
    hash
    rows
    validRows
    knownRows
    progress
    totals { ...ImportTotalsFields }
    proof { ...ImportTotalsFields }
    mode
    createdAt
    committedAt
    committedBy
    separator
    encoding
    timeZone
    rootName
    columns { heading field }
    reseller { id name }
  }
`);

export const ImportsDocument = graphql(`
  query Imports($first: Int!, $after: String) {
    viewer {
      imports(first: $first, after: $after) {
        edges { cursor node { ...ImportFacts } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const ImportDocument = graphql(`
  query Import($id: ID!) {
    node(id: $id) {
      ... on Import {
        ...ImportFacts
        ownersWithoutPassword
        sample {
          line isReseller externalId name login email parent credits screens expiresAt contact known
        }
      }
    }
  }
`);

export const ImportProblemsDocument = graphql(`
  query ImportProblems($id: ID!, $first: Int!, $after: String) {
    node(id: $id) {
      ... on Import {
        id
        problems(first: $first, after: $after) {
          edges { cursor node { line column message } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const ImportChangesDocument = graphql(`
  subscription ImportChanges {
    importChanged { ...ImportFacts }
  }
`);

export const PreviewImportDocument = graphql(`
  mutation PreviewImport($input: PreviewImportInput!) {
    previewImport(input: $input) {
      ... on PreviewImportPayload { import { ...ImportFacts } }
      ...Refusal
    }
  }
`);

export const CommitImportDocument = graphql(`
  mutation CommitImport($input: CommitImportInput!) {
    commitImport(input: $input) {
      ... on CommitImportPayload { import { ...ImportFacts } }
      ...Refusal
    }
  }
`);

export const CreateImportInvitationsDocument = graphql(`
  mutation CreateImportInvitations($input: CreateImportInvitationsInput!) {
    createImportInvitations(input: $input) {
      ... on CreateImportInvitationsPayload {
        invitations { resellerId resellerName email token expiresAt }
        hasMore
      }
      ...Refusal
    }
  }
`);

export const DiscardImportDocument = graphql(`
  mutation DiscardImport($input: DiscardImportInput!) {
    discardImport(input: $input) {
      ... on DiscardImportPayload { importId }
      ...Refusal
    }
  }
`);

export const ImportTenantsDocument = graphql(`
  query ImportTenants($first: Int!, $search: String) {
    tenants(first: $first, search: $search) {
      edges { node { id name } }
    }
  }
`);
