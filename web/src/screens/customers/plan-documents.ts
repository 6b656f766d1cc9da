/** The GraphQL document for a customer's plan. */

import { graphql } from '../../gql/gql.ts';

export const CustomerPlanDocument = graphql(`
  query CustomerPlan($id: ID!) {
    viewer { reseller { id plans { id name } } }
    customer(id: $id) { id plan { id } }
  }
`);
