/** A hook that renews many customers in slices and reports its progress. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { useLive, useViewerId } from '../../data/live-context.ts';
import { isRefusal, type Refusal } from '../../data/refusal.ts';
import type { Settled } from '../../data/unsettled.ts';
import { newKey, persist } from '../../data/use-intent.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { RenewCustomersDocument } from './documents.ts';

/** Customers of one call. The server takes 250; fewer show how far it is. */
const SLICE = 50;
/** After these the rest would be refused the same way. */
const ENDING = new Set(['PANEL_LOCKED', 'PANEL_SUSPENDED', 'FORBIDDEN', 'UNAUTHENTICATED']);

interface Failed {
  readonly customer: CustomerRowFragment;
  readonly refusal: Refusal;
}

interface BulkTerms {
  readonly periods: number;
  /** What is kept in reserve may be spent. */
  readonly useReserve: boolean;
}

export interface BulkRenewal {
  readonly state: 'ready' | 'running' | 'uncertain' | 'done';
  readonly renewed: number;
  readonly failed: readonly Failed[];
  /** Renews them in their order, as far as the balance goes; after an uncertain end, goes on where it was. */
  run(terms: BulkTerms): Promise<void>;
}

/**
 * Renews many, each once: a customer keeps its key for as long as this stands, so that what was lost on the way can be asked
 * again. `title`: what it is called among the unsettled commands, where it goes on when its window goes.
 */
export function useBulkRenewal(
  customers: readonly CustomerRowFragment[],
  title: string,
  onDone: (renewed: number, failed: number) => void,
): BulkRenewal {
  const { apollo, unsettled } = useLive();
  const userId = useViewerId();
  const keys = useMemo(() => new Map(customers.map(({ id }) => [id, newKey()])), [customers]);
  const tally = useRef<{ renewed: number; failed: readonly Failed[] }>({ renewed: 0, failed: [] });
  const position = useRef(0);
  const running = useRef<Promise<Settled | null> | null>(null);
  /** Of the attempt that is not settled. */
  const unsettledTerms = useRef<BulkTerms | null>(null);
  /** Whether the slice that is asked next went unanswered before. */
  const mayBeDone = useRef(false);
  const [state, setState] = useState<BulkRenewal['state']>('ready');
  const [progress, setProgress] = useState(tally.current);

  async function ask(slice: readonly CustomerRowFragment[], terms: BulkTerms) {
    const renewals = slice.map(({ id }) => ({ customerId: id, ...terms, idempotencyKey: keys.get(id) ?? newKey() }));
    return persist(
      async () =>
        (await apollo.mutate({ mutation: RenewCustomersDocument, variables: { input: { mode: 'BEST_EFFORT', renewals } } })).data
          ?.renewCustomers,
      mayBeDone.current,
    );
  }

  /** Null when no answer came: it goes on from there when it is called again. */
  async function renew(terms: BulkTerms): Promise<Settled | null> {
    setState('running');
    while (position.current < customers.length) {
      const slice = customers.slice(position.current, position.current + SLICE);
      const outcome = await ask(slice, terms);
      mayBeDone.current = outcome === null;
      if (outcome === null) {
        setState('uncertain');
        return null;
      }
      const refusals = slice.flatMap((customer, index): Failed[] => {
        const result = outcome.payload?.results[index];
        const refusal = outcome.refusal ?? (result && isRefusal(result) ? result : null);
        return refusal ? [{ customer, refusal }] : [];
      });
      const ending = refusals.find(({ refusal }) => ENDING.has(refusal.code));
      const rest = customers.slice(position.current + slice.length);
      position.current = ending ? customers.length : position.current + slice.length;
      tally.current = {
        renewed: tally.current.renewed + slice.length - refusals.length,
        failed: [...tally.current.failed, ...refusals, ...(ending ? rest.map((customer) => ({ customer, refusal: ending.refusal })) : [])],
      };
      setProgress(tally.current);
    }
    unsettledTerms.current = null;
    setState('done');
    onDone(tally.current.renewed, tally.current.failed.length);
    return {};
  }

  async function run(terms: BulkTerms): Promise<void> {
    if (running.current) return;
    unsettledTerms.current ??= terms;
    running.current = renew(unsettledTerms.current);
    await running.current;
    running.current = null;
  }

  const latest = useRef(() => {});
  useEffect(() => {
    latest.current = () => {
      const terms = unsettledTerms.current;
      if (terms !== null && userId !== null) unsettled.add(title, userId, () => renew(terms), running.current);
    };
  });
  useEffect(() => () => latest.current(), []);

  return { state, ...progress, run };
}
