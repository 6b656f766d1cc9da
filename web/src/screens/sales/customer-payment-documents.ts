/** The GraphQL documents for customer payments. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment CustomerPaymentRow on CustomerPayment {
    id
    status
    planName
    priceMinor
    currency
    periods
    screens
    createdAt
    paidAt
    provider
    reference
    returnedMinor
    customer { id name }
  }
`);

export const CustomerPaymentsDocument = graphql(`
  query CustomerPayments($first: Int!, $after: String, $status: CustomerPaymentStatus, $customerId: ID) {
    viewer {
      customerPayments(first: $first, after: $after, status: $status, customerId: $customerId) {
        totalCount
        edges { cursor node { ...CustomerPaymentRow } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const CustomerPaymentChangesDocument = graphql(`
  subscription CustomerPaymentChanges {
    customerPaymentChanged { ...CustomerPaymentRow }
  }
`);

export const ConfirmCustomerPaymentDocument = graphql(`
  mutation ConfirmCustomerPayment($input: ConfirmCustomerPaymentInput!) {
    confirmCustomerPayment(input: $input) {
      ... on ConfirmCustomerPaymentPayload { payment { ...CustomerPaymentRow } account { ...AccountState } replayed }
      ...Refusal
    }
  }
`);
