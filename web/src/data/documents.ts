/** The GraphQL documents that the whole application shares. */

import { graphql } from '../gql/gql.ts';

/** All fields of an account that change with its version. Every query for an account's state uses this fragment. */
graphql(`
  fragment AccountState on Account {
    id
    version
    balance
    locked
    lockedSince
    lowBalance
    reserveThreshold
    debt
  }
`);

graphql(`
  fragment EntryRow on Entry {
    id
    version
    delta
    balanceAfter
    createdAt
    counterparty
    transfer {
      id
      kind
      memo
      actor
      from { id reseller { id name } }
      to { id reseller { id name } }
      customer { id name }
    }
  }
`);

graphql(`
  fragment SignedIn on Viewer {
    role
    user { id email role }
    support { reason expiresAt }
    reseller {
      id
      name
      status
      statusReason
      depth
      account { ...AccountState keepReserve }
    }
  }
`);

export const ViewerDocument = graphql(`
  query Viewer {
    viewer { ...SignedIn }
  }
`);

export const AccountChangesDocument = graphql(`
  subscription AccountChanges($resellerId: ID, $after: Version) {
    balanceChanged(resellerId: $resellerId, after: $after) {
      version
      delta
      at
      account { ...AccountState reseller { id status statusReason } }
      entry { ...EntryRow }
    }
  }
`);

/** The fields of a purchase or sale that can change. Lists fetch the other fields. */
export const PurchaseChangesDocument = graphql(`
  subscription PurchaseChanges {
    purchaseChanged { id number status settledAt reference reportedAt reportNote }
  }
`);

export const SignOutDocument = graphql(`
  mutation SignOut {
    signOut { ok }
  }
`);
