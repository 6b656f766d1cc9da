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

export interface BulkRenewal {
  readonly state: 'ready' | 'running' | 'uncertain' | 'done';
  readonly renewed: number;
  readonly failed: readonly Failed[];
  /** Renews them in their order, as far as the balance goes; after an uncertain end, goes on where it was. */
  run(periods: number): Promise<void>;
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
  const unsettledPeriods = useRef<number | null>(null);
  const [state, setState] = useState<BulkRenewal['state']>('ready');
  const [progress, setProgress] = useState(tally.current);

  async function ask(slice: readonly CustomerRowFragment[], periods: number) {
    const renewals = slice.map(({ id }) => ({ customerId: id, periods, idempotencyKey: keys.get(id) ?? newKey() }));
    return persist(
      async () =>
        (await apollo.mutate({ mutation: RenewCustomersDocument, variables: { input: { mode: 'BEST_EFFORT', renewals } } })).data
          ?.renewCustomers,
    );
  }

  /** Null when no answer came: it goes on from there when it is called again. */
  async function renew(periods: number): Promise<Settled | null> {
    setState('running');
    while (position.current < customers.length) {
      const slice = customers.slice(position.current, position.current + SLICE);
      const outcome = await ask(slice, periods);
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
    unsettledPeriods.current = null;
    setState('done');
    onDone(tally.current.renewed, tally.current.failed.length);
    return {};
  }

  async function run(periods: number): Promise<void> {
    if (running.current) return;
    unsettledPeriods.current ??= periods;
    running.current = renew(unsettledPeriods.current);
    await running.current;
    running.current = null;
  }

  const latest = useRef(() => {});
  useEffect(() => {
    latest.current = () => {
      const periods = unsettledPeriods.current;
      if (periods !== null && userId !== null) unsettled.add(title, userId, () => renew(periods), running.current);
    };
  });
  useEffect(() => () => latest.current(), []);

  return { state, ...progress, run };
}
