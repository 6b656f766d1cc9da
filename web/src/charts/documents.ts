/** The GraphQL documents of the charts. */

import { graphql } from '../gql/gql.ts';

export const ConsumptionDocument = graphql(`
  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!) {
    reseller(id: $id) {
      id
      report(from: $from, to: $to, by: $by) {
        timeZone
        intervals { start end sums { activation renewal screens } }
        total { activation renewal screens receivedMinor creditCostMinor }
        currency boughtCredits boughtMinor
      }
    }
  }
`);
