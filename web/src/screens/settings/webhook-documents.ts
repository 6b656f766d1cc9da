/** The GraphQL documents for webhook endpoints. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment Endpoint on WebhookEndpoint {
    id
    url
    scope
    events
    enabled
    disabledReason
    createdAt
    dead: deliveries(first: 1, status: DEAD) { edges { node { id } } }
  }
`);

export const WebhookEndpointsDocument = graphql(`
  query WebhookEndpoints {
    viewer { webhookEndpoints { ...Endpoint } }
  }
`);

/** Announces that an endpoint was created, changed or removed. Lists then load again. */
export const WebhookEndpointChangedDocument = graphql(`
  subscription WebhookEndpointChanged {
    webhookEndpointChanged { id }
  }
`);

export const DeliveriesDocument = graphql(`
  query Deliveries($id: ID!, $first: Int!, $after: String, $status: DeliveryStatus) {
    node(id: $id) {
      ... on WebhookEndpoint {
        id
        deliveries(first: $first, after: $after, status: $status) {
          edges { cursor node { id event version status attempts lastError nextAttemptAt createdAt } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const CreateWebhookEndpointDocument = graphql(`
  mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) {
      ... on CreateWebhookEndpointPayload { endpoint { ...Endpoint } secret }
      ...Refusal
    }
  }
`);

export const UpdateWebhookEndpointDocument = graphql(`
  mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {
    updateWebhookEndpoint(input: $input) {
      ... on UpdateWebhookEndpointPayload { endpoint { ...Endpoint } }
      ...Refusal
    }
  }
`);

export const RemoveWebhookEndpointDocument = graphql(`
  mutation RemoveWebhookEndpoint($input: RemoveWebhookEndpointInput!) {
    removeWebhookEndpoint(input: $input) {
      ... on RemoveWebhookEndpointPayload { endpointId }
      ...Refusal
    }
  }
`);

export const RotateWebhookSecretDocument = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      ... on RotateWebhookSecretPayload { endpoint { ...Endpoint } secret }
      ...Refusal
    }
  }
`);

export const SendTestEventDocument = graphql(`
  mutation SendTestEvent($input: SendTestEventInput!) {
    sendTestEvent(input: $input) {
      ... on SendTestEventPayload { delivery { id } }
      ...Refusal
    }
  }
`);

export const ReplayEventsDocument = graphql(`
  mutation ReplayEvents($input: ReplayEventsInput!) {
    replayEvents(input: $input) {
      ... on ReplayEventsPayload { endpoint { ...Endpoint } }
      ...Refusal
    }
  }
`);
