/** The GraphQL documents of what the panel asks of its customers. */

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
