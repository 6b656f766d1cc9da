import { graphql } from '../gql/gql.ts';

export const ConsumptionDocument = graphql(`
  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!) {
    reseller(id: $id) {
      id
      report(from: $from, to: $to, by: $by, branch: $branch) {
        timeZone
        intervals { start end sums { activation renewal screens } }
        total { activation renewal screens refunded newCustomers renewedCustomers }
      }
    }
  }
`);
