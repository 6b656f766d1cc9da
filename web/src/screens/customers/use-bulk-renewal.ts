/** A hook that renews many customers in slices and reports its progress. */

import { useApolloClient } from '@apollo/client/react';
import { useMemo, useRef, useState } from 'react';
import { isRefusal, type Refusal } from '../../data/refusal.ts';
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

/** Renews many, each once: a customer keeps its key for as long as this stands, so that what was lost on the way can be asked again. */
export function useBulkRenewal(customers: readonly CustomerRowFragment[], onDone: (renewed: number, failed: number) => void): BulkRenewal {
  const apollo = useApolloClient();
  const keys = useMemo(() => new Map(customers.map(({ id }) => [id, newKey()])), [customers]);
  const position = useRef(0);
  const isBusy = useRef(false);
  const [progress, setProgress] = useState<Omit<BulkRenewal, 'run'>>({ state: 'ready', renewed: 0, failed: [] });

  async function ask(slice: readonly CustomerRowFragment[], periods: number) {
    const renewals = slice.map(({ id }) => ({ customerId: id, periods, idempotencyKey: keys.get(id) ?? newKey() }));
    return persist(
      async () =>
        (await apollo.mutate({ mutation: RenewCustomersDocument, variables: { input: { mode: 'BEST_EFFORT', renewals } } })).data
          ?.renewCustomers,
    );
  }

  async function run(periods: number): Promise<void> {
    if (isBusy.current) return;
    isBusy.current = true;
    let { renewed, failed } = progress;
    while (position.current < customers.length) {
      setProgress({ state: 'running', renewed, failed });
      const slice = customers.slice(position.current, position.current + SLICE);
      const outcome = await ask(slice, periods);
      if (outcome === null) {
        isBusy.current = false;
        return setProgress({ state: 'uncertain', renewed, failed });
      }
      const refusals = slice.flatMap((customer, index): Failed[] => {
        const result = outcome.payload?.results[index];
        const refusal = outcome.refusal ?? (result && isRefusal(result) ? result : null);
        return refusal ? [{ customer, refusal }] : [];
      });
      renewed += slice.length - refusals.length;
      failed = [...failed, ...refusals];
      position.current += slice.length;
      const ending = refusals.find(({ refusal }) => ENDING.has(refusal.code));
      if (ending) {
        const rest = customers.slice(position.current);
        failed = [...failed, ...rest.map((customer) => ({ customer, refusal: ending.refusal }))];
        position.current = customers.length;
      }
    }
    isBusy.current = false;
    setProgress({ state: 'done', renewed, failed });
    onDone(renewed, failed.length);
  }

  return { ...progress, run };
}
