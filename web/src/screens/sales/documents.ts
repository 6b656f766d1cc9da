/** The GraphQL documents of the sales screens. */

import { graphql } from '../../gql/gql.ts';

export const SalesDocument = graphql(`
  query Sales($first: Int!, $after: String, $status: PurchaseStatus, $search: String) {
    viewer {
      sales(first: $first, after: $after, status: $status, search: $search) {
        totalCount
        edges { cursor node { ...SaleRow } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

graphql(`
  fragment SaleRow on Purchase {
    ...PurchaseRow
    buyer { id name }
    sellerCanDeliver
    returnedMinor
    chargedBack
  }
`);

/** The policy on who sells in the viewer's tenant. */
export const SourceDocument = graphql(`
  query PurchaseSource {
    viewer {
      policy { purchaseSource }
    }
  }
`);

export const ConfirmPurchaseDocument = graphql(`
  mutation ConfirmPurchase($input: ConfirmPurchaseInput!) {
    confirmPurchase(input: $input) {
      ... on ConfirmPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);

export const ChargeBackPurchaseDocument = graphql(`
  mutation ChargeBackPurchase($input: ChargeBackPurchaseInput!) {
    chargeBackPurchase(input: $input) {
      ... on ChargeBackPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);

export const OwnCardDocument = graphql(`
  query OwnCard {
    viewer {
      sellerCard { ...SellerCardFields }
    }
  }
`);

export const SetSellerCardDocument = graphql(`
  mutation SetSellerCard($input: SetSellerCardInput!) {
    setSellerCard(input: $input) {
      ... on SetSellerCardPayload { sellerCard { ...SellerCardFields } }
      ...Refusal
    }
  }
`);

export const PaymentProvidersDocument = graphql(`
  query PaymentProviders {
    viewer {
      paymentProviders { ...ProviderSettings }
    }
  }
`);

graphql(`
  fragment ProviderSettings on PaymentProviderSettings {
    provider
    enabled
    webhookPath
    pixKey
    merchantName
    merchantCity
    updatedAt
  }
`);

export const SetPaymentProviderDocument = graphql(`
  mutation SetPaymentProvider($input: SetPaymentProviderInput!) {
    setPaymentProvider(input: $input) {
      ... on SetPaymentProviderPayload { settings { ...ProviderSettings } }
      ...Refusal
    }
  }
`);
