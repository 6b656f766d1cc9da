/** A hook that searches the server for the typed text. */

import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useViewer } from '../../data/live-context.ts';
import { useIsClosed } from '../../data/use-lock.ts';
import type { SearchQuery } from '../../gql/graphql.ts';
import { SearchDocument } from './documents.ts';

const TYPING_MS = 200;
/** The number of a purchase or sale, with or without #. */
const NUMBER = /^#?\d{1,9}$/;

export interface Found {
  readonly customers: readonly Edge<Panel['customers']>[];
  readonly resellers: readonly {
    readonly id: string;
    readonly name: string;
    readonly above: string | null;
    readonly balance: number | null;
  }[];
  readonly sales: readonly Edge<SearchQuery['viewer']['sales']>[];
  readonly purchases: readonly Edge<NonNullable<SearchQuery['viewer']['buyer']>['purchases']>[];
}

type Panel = NonNullable<SearchQuery['viewer']['panel']>;
type Edge<Connection> = NonNullable<Connection> extends { readonly edges: readonly { readonly node: infer Node }[] } ? Node : never;

const NOTHING: Found = { customers: [], resellers: [], sales: [], purchases: [] };

interface Search {
  readonly found: Found;
  readonly isLoading: boolean;
  readonly hasFailed: boolean;
  readonly again: () => void;
}

/** The matches that the viewer may read. A panel closed by the lock finds only its purchases (R8). */
export function useSearchResults(typed: string): Search {
  const text = typed.trim();
  const [asked] = useDebouncedValue(text, TYPING_MS);
  const may = useMay();
  const hasPanel = useViewer().reseller !== null;
  const isClosed = useIsClosed();
  const isNumber = NUMBER.test(asked);
  const number = asked.replace('#', '');
  const { data, previousData, error, loading, observable } = useQuery(SearchDocument, {
    variables: {
      text: asked,
      number,
      byText: hasPanel && !isClosed && !asked.startsWith('#'),
      platform: may.platform,
      sold: isNumber && !isClosed && (may.credits || may.platform),
      buys: isNumber && hasPanel,
      bought: isNumber ? Number(number) : null,
    },
    skip: asked === '',
    // Not cached: the cache stores pages of the same lists.
    fetchPolicy: 'no-cache',
  });
  const again = () => askAgain(observable);
  const isCurrent = text === asked;
  // The previous results stay until the next response, because a list that flickers cannot be read.
  const last = data ?? (loading ? previousData : undefined);
  const found = text === '' || !last ? NOTHING : foundIn(last, Number(number));
  return { found, isLoading: text !== '' && (!isCurrent || loading), hasFailed: isCurrent && !loading && error !== undefined, again };
}

function foundIn({ tenants, viewer: { buyer, panel, sales } }: SearchQuery, number: number): Found {
  const below = (panel?.descendants?.edges ?? []).map(({ node: { account, id, name, parent } }) => ({
    id,
    name,
    above: parent?.name ?? null,
    balance: account.balance,
  }));
  const roots = (tenants?.edges ?? []).map(({ node: { id, name } }) => ({ id, name, above: null, balance: null }));
  return {
    customers: (panel?.customers?.edges ?? []).map(({ node }) => node),
    resellers: [...roots, ...below],
    sales: (sales?.edges ?? []).map(({ node }) => node).filter((sale) => sale.number === number),
    purchases: (buyer?.purchases?.edges ?? []).map(({ node }) => node),
  };
}
