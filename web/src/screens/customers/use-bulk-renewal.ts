/** A hook that renews many customers in slices and reports its progress. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { useLive, useViewerId } from '../../data/live-context.ts';
import { isRefusal, type Refusal } from '../../data/refusal.ts';
import type { Settled } from '../../data/unsettled.ts';
import { newKey, persist } from '../../data/use-intent.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { RenewCustomersDocument } from './documents.ts';

/** Customers in one call. The server allows 250; smaller slices show the progress. */
const SLICE = 50;
/** After a refusal with one of these codes, all later renewals would be refused too. */
const FINAL_CODES = new Set(['PANEL_LOCKED', 'PANEL_SUSPENDED', 'FORBIDDEN', 'UNAUTHENTICATED']);

interface Failed {
  readonly customer: CustomerRowFragment;
  readonly refusal: Refusal;
}

interface BulkTerms {
  readonly periods: number;
  /** Whether the reserve may be spent. */
  readonly useReserve: boolean;
}

export interface BulkRenewal {
  readonly state: 'ready' | 'running' | 'uncertain' | 'done';
  readonly renewed: number;
  readonly failed: readonly Failed[];
  /** Renews the customers in order, until the balance is used up. After an unknown outcome, continues at the same slice. */
  run(terms: BulkTerms): Promise<void>;
}

/**
 * Renews many customers, each once. Each customer keeps its idempotency key while this hook is mounted, so that a slice whose
 * response was lost can be sent again. `title`: the command's name in the unsettled list, where it continues if its dialog closes.
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
  /** The terms of the unsettled attempt. */
  const unsettledTerms = useRef<BulkTerms | null>(null);
  /** Whether the next slice was sent before and got no answer. */
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

  /** Returns null if there was no answer. The next call continues at the same slice. */
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
      const final = refusals.find(({ refusal }) => FINAL_CODES.has(refusal.code));
      const rest = customers.slice(position.current + slice.length);
      position.current = final ? customers.length : position.current + slice.length;
      tally.current = {
        renewed: tally.current.renewed + slice.length - refusals.length,
        failed: [...tally.current.failed, ...refusals, ...(final ? rest.map((customer) => ({ customer, refusal: final.refusal })) : [])],
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
