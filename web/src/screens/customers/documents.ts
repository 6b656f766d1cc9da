/** The GraphQL documents of the customer screens. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment CustomerRow on Customer {
    id
    name
    contact
    notes
    status
    screens
    nextScreens
    screensChangeAt
    spans { screens endsAt }
    expiresAt
    creditsSpent
    createdAt
    muted
  }
`);

export const CustomersDocument = graphql(`
  query Customers(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $search: String
    $status: CustomerStatus
    $serviceFailed: Boolean
    $paidTerm: Boolean
    $expiringFrom: DateTime
    $expiringBefore: DateTime
    $order: CustomerOrder!
  ) {
    viewer {
      reseller {
        id
        customers(
          first: $first
          after: $after
          last: $last
          before: $before
          search: $search
          status: $status
          serviceFailed: $serviceFailed
          paidTerm: $paidTerm
          expiringFrom: $expiringFrom
          expiringBefore: $expiringBefore
          order: $order
        ) {
          totalCount
          edges { cursor node { ...CustomerRow ...CustomerService } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
`);

/** The number of customers in each of QUICK_LISTS. */
graphql(`
  fragment QuickCounts on Reseller {
    id
    yesterday: customers(first: 1, paidTerm: true, expiringFrom: $yesterday, expiringBefore: $today) { totalCount }
    today: customers(first: 1, paidTerm: true, expiringFrom: $today, expiringBefore: $tomorrow) { totalCount }
    tomorrow: customers(first: 1, paidTerm: true, expiringFrom: $tomorrow, expiringBefore: $in2) { totalCount }
    in2: customers(first: 1, paidTerm: true, expiringFrom: $in2, expiringBefore: $in3) { totalCount }
    in3: customers(first: 1, paidTerm: true, expiringFrom: $in3, expiringBefore: $in4) { totalCount }
    soon: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }
    over: customers(first: 1, status: EXPIRED) { totalCount }
    trials: customers(first: 1, status: TRIAL) { totalCount }
  }
`);

export const CustomerCountsDocument = graphql(`
  query CustomerCounts($yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {
    viewer { reseller { ...QuickCounts } }
  }
`);

/** The number of customers whose service failed. */
export const FailedServicesDocument = graphql(`
  query FailedServices {
    viewer { reseller { id failed: customers(first: 1, serviceFailed: true) { totalCount } } }
  }
`);

export const CustomerDocument = graphql(`
  query Customer($id: ID!, $first: Int!, $after: String) {
    customer(id: $id) {
      ...CustomerRow
      history(first: $first, after: $after) {
        edges { cursor node { id kind amount createdAt memo actor } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const CustomerPolicyDocument = graphql(`
  query CustomerPolicy {
    viewer {
      policy { trialMaxHours trialQuota refundPolicy }
    }
  }
`);

export const ActivateCustomerDocument = graphql(`
  mutation ActivateCustomer($input: ActivateCustomerInput!) {
    activateCustomer(input: $input) {
      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);

export const RenewCustomerDocument = graphql(`
  mutation RenewCustomer($input: RenewCustomerInput!) {
    renewCustomer(input: $input) {
      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);

export const RenewCustomersDocument = graphql(`
  mutation RenewCustomers($input: RenewCustomersInput!) {
    renewCustomers(input: $input) {
      ... on RenewCustomersPayload {
        account { ...AccountState }
        results {
          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }
          ...Refusal
        }
      }
      ...Refusal
    }
  }
`);

export const AddScreensDocument = graphql(`
  mutation AddScreens($input: AddScreensInput!) {
    addScreens(input: $input) {
      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);

export const SetNextScreensDocument = graphql(`
  mutation SetNextScreens($input: SetNextScreensInput!) {
    setNextScreens(input: $input) {
      ... on SetNextScreensPayload { customer { ...CustomerRow } }
      ...Refusal
    }
  }
`);

export const StartTrialDocument = graphql(`
  mutation StartTrial($input: StartTrialInput!) {
    startTrial(input: $input) {
      ... on StartTrialPayload { customer { ...CustomerRow } replayed }
      ...Refusal
    }
  }
`);

export const UpdateCustomerDocument = graphql(`
  mutation UpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) {
      ... on UpdateCustomerPayload { customer { ...CustomerRow plan { id } } }
      ...Refusal
    }
  }
`);

export const CancelCustomerDocument = graphql(`
  mutation CancelCustomer($input: CancelCustomerInput!) {
    cancelCustomer(input: $input) {
      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }
      ...Refusal
    }
  }
`);
