/** How fast panels use their credits, and how long their balance lasts at that pace. */

import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { daysFromNow } from '../../data/days-from-now.ts';
import { graphql } from '../../gql/gql.ts';
import type { SpentSumsFragment } from '../../gql/graphql.ts';

const PACE_DAYS = 30;

graphql(`
  fragment SpentSums on ReportSums {
    activation
    renewal
    screens
    undone
    creditsPassedOn
  }
`);

const PacesDocument = graphql(`
  query Paces($ids: [ID!]!, $from: DateTime!, $to: DateTime!) {
    nodes(ids: $ids) {
      ... on Reseller { id report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } } }
    }
  }
`);

/** A panel's balance, and the credits that it used in the last `PACE_DAYS` days. */
export interface Pace {
  readonly balance: number;
  readonly spent: number;
}

/** The time span in which the pace is measured. */
export function useSpan(): { readonly from: string; readonly to: string } {
  return useMemo(() => ({ from: daysFromNow(-PACE_DAYS), to: daysFromNow(1) }), []);
}

/** Credits spent on customers, without undone ones, plus credits passed on to sub-resellers. */
export function spentOf(sums: SpentSumsFragment | null | undefined): number {
  if (!sums) return 0;
  return Math.max(0, sums.activation + sums.renewal + sums.screens - sums.undone) + sums.creditsPassedOn;
}

/** How many days the balance lasts; infinite if no credits are used. */
export function daysLeft({ balance, spent }: Pace): number {
  if (balance === 0) return 0;
  return spent === 0 ? Number.POSITIVE_INFINITY : (balance * PACE_DAYS) / spent;
}

/** Sorts by the remaining days. If they are equal, for example infinite, the smaller balance is first. */
export function bySoonestLock(a: Pace, b: Pace): number {
  const [left, right] = [daysLeft(a), daysLeft(b)];
  return left === right ? a.balance - b.balance : left - right;
}

/** The credits used by each of these panels, at most one page. Fetched after the list, which does not wait for it. */
export function useSpent(ids: readonly string[]): { readonly spent: ReadonlyMap<string, number>; readonly isKnown: boolean } {
  const span = useSpan();
  const { data, error, previousData } = useQuery(PacesDocument, {
    variables: { ids: [...ids], ...span },
    skip: ids.length === 0,
    fetchPolicy: 'no-cache',
  });
  const nodes = (data ?? previousData)?.nodes;
  const spent = useMemo(() => {
    const panels = nodes?.flatMap((node) => (node?.__typename === 'Reseller' ? [node] : [])) ?? [];
    return new Map(panels.map(({ id, report }) => [id, spentOf(report?.total)]));
  }, [nodes]);
  return { spent, isKnown: nodes !== undefined || error !== undefined };
}
