/** The GraphQL documents for the panel's plans. */

import { graphql } from '../../gql/gql.ts';

graphql(`
  fragment PlanFields on Plan {
    id
    name
    periods
    screens
    priceMinor
    currency
  }
`);

export const PlansDocument = graphql(`
  query Plans {
    viewer {
      reseller {
        id
        plans { ...PlanFields }
        suggestedPlans { name periods screens priceMinor currency }
      }
    }
  }
`);

export const SetPlansDocument = graphql(`
  mutation SetPlans($input: SetPlansInput!) {
    setPlans(input: $input) {
      ... on SetPlansPayload { plans { ...PlanFields } }
      ...Refusal
    }
  }
`);
