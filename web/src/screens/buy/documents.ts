/** The GraphQL documents of the buy screen. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment PurchaseRow on Purchase {
    id
    number
    quantity
    totalMinor
    currency
    status
    provider
    createdAt
    expiresAt
    settledAt
    paymentInstructions
    reference
    reportedAt
    reportNote
  }
`);

graphql(`
  fragment SellerCardFields on SellerCard {
    name
    whatsapp
    pixKey
    instructions
  }
`);

/** A locked panel may read all of it. */
export const BuyDocument = graphql(`
  query Buy {
    creditPackages { id quantity unitPriceMinor totalMinor currency }
    paymentMethods
    viewer { seller { ...SellerCardFields } }
  }
`);

export const OwnPurchasesDocument = graphql(`
  query OwnPurchases($first: Int!, $after: String) {
    viewer {
      reseller {
        id
        purchases(first: $first, after: $after) {
          totalCount
          edges { cursor node { ...PurchaseRow } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const BuyCreditsDocument = graphql(`
  mutation BuyCredits($input: BuyCreditsInput!) {
    buyCredits(input: $input) {
      ... on BuyCreditsPayload { purchase { ...PurchaseRow } replayed }
      ...Refusal
    }
  }
`);

export const ReportPaymentDocument = graphql(`
  mutation ReportPayment($input: ReportPaymentInput!) {
    reportPayment(input: $input) {
      ... on ReportPaymentPayload { purchase { ...PurchaseRow } }
      ...Refusal
    }
  }
`);

export const CancelPurchaseDocument = graphql(`
  mutation CancelPurchase($input: CancelPurchaseInput!) {
    cancelPurchase(input: $input) {
      ... on CancelPurchasePayload { purchase { ...PurchaseRow } }
      ...Refusal
    }
  }
`);
