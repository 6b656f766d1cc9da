/** The GraphQL documents for access resets and support sessions. */

import { graphql } from '../../gql/gql.ts';

export const ResetUserAccessDocument = graphql(`
  mutation ResetUserAccess($input: ResetUserAccessInput!) {
    resetUserAccess(input: $input) {
      ... on ResetUserAccessPayload { user { id email mustChangePassword totpEnabled } oneTimePassword }
      ...Refusal
    }
  }
`);

export const OwnersDocument = graphql(`
  query Owners($id: ID!) {
    reseller(id: $id) {
      id
      owners { id email disabled mustChangePassword lastSignInAt }
    }
  }
`);

export const OpenSupportSessionDocument = graphql(`
  mutation OpenSupportSession($input: OpenSupportSessionInput!) {
    openSupportSession(input: $input) {
      ... on OpenSupportSessionPayload { expiresAt }
      ...Refusal
    }
  }
`);

export const SupportSessionsDocument = graphql(`
  subscription SupportSessions {
    supportSessionsChanged { openedBy reason expiresAt }
  }
`);

export const ChooseOwnPasswordDocument = graphql(`
  mutation ChooseOwnPassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ... on ChangePasswordPayload { endedSessions }
      ...Refusal
    }
  }
`);
