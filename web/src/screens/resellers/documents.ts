/** The GraphQL documents of the reseller screens. */

import { graphql } from '../../gql/gql.ts';
import type { ResellerOrder, ResellerRowFragment } from '../../gql/graphql.ts';

graphql(`
  fragment ResellerRow on Reseller {
    id
    name
    status
    statusReason
    depth
    createdAt
    account { ...AccountState }
  }
`);

/** The data of a panel that the tree and its actions use. */
export type Panel = ResellerRowFragment;

/** The filter and the order of a list of panels. */
export interface ListOfPanels {
  readonly order: ResellerOrder;
  /** true: only panels without credits; null: all. */
  readonly locked: true | null;
}

export const ALL_PANELS: ListOfPanels = { order: 'OLDEST', locked: null };

export const ChildrenDocument = graphql(`
  query Children($id: ID!, $after: String, $order: ResellerOrder!, $locked: Boolean) {
    reseller(id: $id) {
      id
      children(first: 50, after: $after, order: $order, locked: $locked) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { cursor node { ...ResellerRow branch { resellers } } }
      }
    }
  }
`);

export const FoundResellersDocument = graphql(`
  query FoundResellers($id: ID!, $search: String!, $after: String) {
    reseller(id: $id) {
      id
      descendants(first: 50, after: $after, search: $search) {
        pageInfo { hasNextPage endCursor }
        edges { cursor node { ...ResellerRow parent { id name } } }
      }
    }
  }
`);

export const BranchChangesDocument = graphql(`
  subscription BranchChanges($resellerId: ID) {
    branchChanged(resellerId: $resellerId) {
      version
      account { ...AccountState reseller { id name status statusReason parent { id } } }
    }
  }
`);

export const ResellerDocument = graphql(`
  query ResellerPage($id: ID!) {
    reseller(id: $id) {
      ...ResellerRow
      parent { id name }
      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }
    }
  }
`);

export const CreateResellerDocument = graphql(`
  mutation CreateReseller($input: CreateResellerInput!) {
    createReseller(input: $input) {
      ... on CreateResellerPayload {
        reseller { ...ResellerRow branch { resellers } }
        from { ...AccountState }
        transfer { id amount }
      }
      ...Refusal
    }
  }
`);

export const TransferDocument = graphql(`
  mutation Transfer($input: TransferCreditsInput!) {
    transferCredits(input: $input) {
      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }
      ...Refusal
    }
  }
`);

export const ReclaimDocument = graphql(`
  mutation Reclaim($input: ReclaimCreditsInput!) {
    reclaimCredits(input: $input) {
      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }
      ...Refusal
    }
  }
`);

export const SuspendDocument = graphql(`
  mutation Suspend($input: SuspendResellerInput!) {
    suspendReseller(input: $input) {
      ... on SuspendResellerPayload { reseller { ...ResellerRow } }
      ...Refusal
    }
  }
`);

export const ResumeDocument = graphql(`
  mutation Resume($input: ResumeResellerInput!) {
    resumeReseller(input: $input) {
      ... on ResumeResellerPayload { reseller { ...ResellerRow } }
      ...Refusal
    }
  }
`);

export const MoveDocument = graphql(`
  mutation Move($input: MoveResellerInput!) {
    moveReseller(input: $input) {
      ... on MoveResellerPayload { canceledPurchases reseller { ...ResellerRow parent { id name } } }
      ...Refusal
    }
  }
`);

export const CloseDocument = graphql(`
  mutation Close($input: CloseResellerInput!) {
    closeReseller(input: $input) {
      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }
      ...Refusal
    }
  }
`);

graphql(`
  fragment LimitFields on ResellerLimits {
    mayCreateResellers
    maxResellers
    maxCustomers
    maxTrialsPerDay
    maxScreensPerCustomer
  }
`);

export const LimitsDocument = graphql(`
  query Limits($id: ID!) {
    reseller(id: $id) { id limits { ...LimitFields } }
  }
`);

export const SetLimitsDocument = graphql(`
  mutation SetLimits($input: SetResellerLimitsInput!) {
    setResellerLimits(input: $input) {
      ... on SetResellerLimitsPayload { reseller { id limits { ...LimitFields } } }
      ...Refusal
    }
  }
`);

export const RenameDocument = graphql(`
  mutation RenameReseller($input: UpdateResellerInput!) {
    updateReseller(input: $input) {
      ... on UpdateResellerPayload { reseller { ...ResellerRow } }
      ...Refusal
    }
  }
`);

export const ReclaimPolicyDocument = graphql(`
  query ReclaimPolicy {
    viewer { policy { reclaimAllowed minimumTransfer minimumInitialCredits } }
  }
`);
