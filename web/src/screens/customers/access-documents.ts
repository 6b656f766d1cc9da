/** The GraphQL documents for a customer's access to the service. */

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

export const CustomerServiceFragment = graphql(`
  fragment CustomerService on Customer {
    id
    service { status reason at }
  }
`);

export const CustomerServiceDocument = graphql(`
  query CustomerService($id: ID!) {
    customer(id: $id) { ...CustomerService }
  }
`);

export const CustomerChangesDocument = graphql(`
  subscription CustomerChanges {
    customerChanged {
      version
      event
      customer { ...CustomerRow ...CustomerService }
    }
  }
`);

/** For components that fetch their data again after such an event. */
export const ServiceEventsDocument = graphql(`
  subscription ServiceEvents {
    customerChanged { version event }
  }
`);

export const RetryServiceDocument = graphql(`
  mutation RetryService($input: RetryServiceInput!) {
    retryService(input: $input) {
      ... on RetryServicePayload { customer { ...CustomerService } }
      ...Refusal
    }
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
