/** The GraphQL documents for the day's messages. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment MessageRow on QueuedMessage {
    id
    text
    whatsappUrl
    dueAt
    sentAt
    customer { id name contact }
  }
`);

export const MessagesDocument = graphql(`
  query Messages($first: Int!) {
    viewer {
      messagesWaiting
      messageQueue(first: $first) { ...MessageRow }
    }
  }
`);

export const MarkMessageSentDocument = graphql(`
  mutation MarkMessageSent($input: MarkMessageSentInput!) {
    markMessageSent(input: $input) {
      ... on MarkMessageSentPayload { marked: message { ...MessageRow } }
      ...Refusal
    }
  }
`);
