/** The GraphQL documents of the settings. */

import { graphql } from '../../gql/gql.ts';

export const SecurityDocument = graphql(`
  query Security {
    viewer {
      user { id email totpEnabled }
      sessions { id createdAt expiresAt current userAgent address }
    }
  }
`);

export const ChangePasswordDocument = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ... on ChangePasswordPayload { user { id } endedSessions }
      ...Refusal
    }
  }
`);

export const ChangeEmailDocument = graphql(`
  mutation ChangeEmail($input: ChangeEmailInput!) {
    changeEmail(input: $input) {
      ... on ChangeEmailPayload { user { id email } }
      ...Refusal
    }
  }
`);

export const RevokeSessionDocument = graphql(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      ... on RevokeSessionPayload { sessionId }
      ...Refusal
    }
  }
`);

export const RevokeOtherSessionsDocument = graphql(`
  mutation RevokeOtherSessions {
    revokeOtherSessions { endedSessions }
  }
`);

export const StartTotpDocument = graphql(`
  mutation StartTotp($input: StartTotpInput!) {
    startTotp(input: $input) {
      ... on StartTotpPayload { secret otpauthUri }
      ...Refusal
    }
  }
`);

export const ConfirmTotpDocument = graphql(`
  mutation ConfirmTotp($input: ConfirmTotpInput!) {
    confirmTotp(input: $input) {
      ... on ConfirmTotpPayload { user { id totpEnabled } recoveryCodes }
      ...Refusal
    }
  }
`);

export const DisableTotpDocument = graphql(`
  mutation DisableTotp($input: DisableTotpInput!) {
    disableTotp(input: $input) {
      ... on DisableTotpPayload { user { id totpEnabled } }
      ...Refusal
    }
  }
`);

export const RegenerateRecoveryCodesDocument = graphql(`
  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {
    regenerateRecoveryCodes(input: $input) {
      ... on RegenerateRecoveryCodesPayload { recoveryCodes }
      ...Refusal
    }
  }
`);

export const TeamDocument = graphql(`
  query Team($first: Int!, $after: String) {
    viewer {
      team(first: $first, after: $after) {
        edges { cursor node { ...Member } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

graphql(`
  fragment Member on User {
    id
    email
    role
    disabled
    totpEnabled
    createdAt
  }
`);

export const InviteUserDocument = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      ... on InviteUserPayload { user { ...Member } }
      ...Refusal
    }
  }
`);

export const UpdateUserDocument = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      ... on UpdateUserPayload { user { ...Member } }
      ...Refusal
    }
  }
`);

graphql(`
  fragment Key on ApiKey {
    id
    name
    prefix
    scope
    createdAt
    expiresAt
    lastUsedAt
    revokedAt
  }
`);

export const ApiKeysDocument = graphql(`
  query ApiKeys($first: Int!, $after: String) {
    viewer {
      apiKeys(first: $first, after: $after) {
        edges { cursor node { ...Key } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const CreateApiKeyDocument = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ... on CreateApiKeyPayload { apiKey { ...Key } secret }
      ...Refusal
    }
  }
`);

export const RevokeApiKeyDocument = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      ... on RevokeApiKeyPayload { apiKey { ...Key } }
      ...Refusal
    }
  }
`);

export const UpdateOwnPanelDocument = graphql(`
  mutation UpdateOwnPanel($input: UpdateResellerInput!) {
    updateReseller(input: $input) {
      ... on UpdateResellerPayload { reseller { id name account { ...AccountState keepReserve } } }
      ...Refusal
    }
  }
`);

export const OwnLimitsDocument = graphql(`
  query OwnLimits {
    viewer { reseller { id limits { ...LimitFields } } }
  }
`);

export const AuditLogDocument = graphql(`
  query AuditLog($resellerId: ID, $first: Int!, $after: String) {
    auditLog(resellerId: $resellerId, first: $first, after: $after) {
      edges {
        cursor
        node { id at action actor address subject reseller { id name } changes { field before after } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
