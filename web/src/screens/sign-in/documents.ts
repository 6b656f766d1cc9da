/** The GraphQL documents for signing in and for password recovery. */

import { graphql } from '../../gql/gql.ts';

export const SignInDocument = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      ... on SignInPayload { expiresAt viewer { ...SignedIn } }
      ...Refusal
    }
  }
`);

export const MailOfferedDocument = graphql(`
  query MailOffered {
    passwordResetByMail
  }
`);

export const RequestPasswordResetDocument = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) { ok }
  }
`);

export const ResetPasswordDocument = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      ... on ResetPasswordPayload { ok }
      ...Refusal
    }
  }
`);
