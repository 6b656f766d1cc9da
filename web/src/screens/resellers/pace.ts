/** How fast panels use their credits, and how long what they hold lasts at that pace. */

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

/** What a panel holds, and what it used in the last days. */
export interface Pace {
  readonly balance: number;
  readonly spent: number;
}

/** The days that a pace is measured by. */
export function useSpan(): { readonly from: string; readonly to: string } {
  return useMemo(() => ({ from: daysFromNow(-PACE_DAYS), to: daysFromNow(1) }), []);
}

/** On customers, without what was undone, and to sub-resellers of its own. */
export function spentOf(sums: SpentSumsFragment | null | undefined): number {
  if (!sums) return 0;
  return Math.max(0, sums.activation + sums.renewal + sums.screens - sums.undone) + sums.creditsPassedOn;
}

/** How long the balance lasts: for ever where nothing is used. */
export function daysLeft({ balance, spent }: Pace): number {
  if (balance === 0) return 0;
  return spent === 0 ? Number.POSITIVE_INFINITY : (balance * PACE_DAYS) / spent;
}

/** Of two that last as long, as those that use nothing, the one with less is first. */
export function bySoonestLock(a: Pace, b: Pace): number {
  const [left, right] = [daysLeft(a), daysLeft(b)];
  return left === right ? a.balance - b.balance : left - right;
}

/** What each of these panels used, at most a page of them. They are asked for after the list, which does not wait for them. */
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
