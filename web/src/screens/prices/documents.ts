/** The GraphQL documents of the price list. */

import { graphql } from '../../gql/gql.ts';

export const PriceListDocument = graphql(`
  query PriceList {
    viewer {
      priceList { id quantity unitPriceMinor totalMinor currency }
    }
  }
`);

export const SetCreditPackagesDocument = graphql(`
  mutation SetCreditPackages($input: SetCreditPackagesInput!) {
    setCreditPackages(input: $input) {
      ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }
      ...Refusal
    }
  }
`);
