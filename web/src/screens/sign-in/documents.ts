/** The GraphQL document of signing in. */

import { graphql } from '../../gql/gql.ts';

export const SignInDocument = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      ... on SignInPayload { expiresAt viewer { ...SignedIn } }
      ...Refusal
    }
  }
`);
