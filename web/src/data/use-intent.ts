/** A hook that sends one intent once: one idempotency key, kept until it is answered. */

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { isPayload, isRefusal, type PayloadOf, type Refusal } from './refusal.ts';
import { waitOrReturn } from './socket.ts';

/** Between attempts with the same key, before the person is asked. Milliseconds. */
const WAITS_MS = [400, 1_000, 2_500];

/** After these it is certain that nothing was done. Anything else may have been done, and its answer lost. */
const CERTAIN = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'PANEL_LOCKED',
  'PANEL_SUSPENDED',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
]);

export interface IntentState {
  readonly isSending: boolean;
  /** Nobody knows whether it was done. `again` asks with the same key and the same input: it cannot be done twice. */
  readonly isUncertain: boolean;
  readonly refusal: Refusal | null;
  again(): Promise<void>;
}

export interface Intent<Input> extends IntentState {
  /**
   * Sends what `make` makes of the intent's key; does nothing while an earlier call is under way. While its outcome is
   * uncertain every call sends the first input again.
   */
  send(make: (idempotencyKey: string) => Input): Promise<void>;
}

interface Listeners<Payload> {
  readonly onDone?: (payload: Payload) => void;
  readonly onRefused?: (refusal: Refusal) => void;
}

interface Named {
  readonly __typename: string;
}

/**
 * One thing that a person wants done once: one idempotency key from the first attempt to the answer, however often it is
 * sent. `mutate` answers the mutation's result, or undefined when the answer holds none.
 */
export function useIntent<Input, Result extends Named>(
  mutate: (apollo: ApolloClient, input: Input) => Promise<Result | undefined>,
  { onDone, onRefused }: Listeners<PayloadOf<Result>> = {},
): Intent<Input> {
  const apollo = useApolloClient();
  const unanswered = useRef<Input | null>(null);
  const isBusy = useRef(false);
  const [state, setState] = useState<Pick<IntentState, 'isSending' | 'isUncertain' | 'refusal'>>(CALM);

  async function attempt(): Promise<void> {
    const input = unanswered.current;
    if (isBusy.current || input === null) return;
    isBusy.current = true;
    setState({ ...CALM, isSending: true });
    const outcome = await persist(() => mutate(apollo, input));
    isBusy.current = false;
    if (outcome !== null) unanswered.current = null;
    setState({ isSending: false, isUncertain: outcome === null, refusal: outcome?.refusal ?? null });
    if (outcome?.refusal) onRefused?.(outcome.refusal);
    if (outcome?.payload) onDone?.(outcome.payload);
  }

  return {
    ...state,
    again: attempt,
    send(make) {
      if (!isBusy.current) unanswered.current ??= make(newKey());
      return attempt();
    },
  };
}

const CALM = { isSending: false, isUncertain: false, refusal: null } as const;

/** A key nobody has used: of a write that must not be done twice. */
export function newKey(): string {
  return crypto.randomUUID();
}

export interface Outcome<Result extends Named> {
  readonly payload?: PayloadOf<Result>;
  readonly refusal?: Refusal;
}

/** Asks until there is an answer, with the same input, a bounded number of times; null when none came. */
export async function persist<Result extends Named>(ask: () => Promise<Result | undefined>): Promise<Outcome<Result> | null> {
  for (const waitMs of [...WAITS_MS, null]) {
    try {
      const result = await ask();
      if (result && isPayload(result)) return { payload: result };
      if (result && isRefusal(result)) return { refusal: result };
    } catch (error) {
      const refusal = certainRefusal(error);
      if (refusal) return { refusal };
    }
    if (waitMs !== null) await waitOrReturn(waitMs);
  }
  return null;
}

/** A top-level error as the refusal that it is, if nothing can have been done. */
function certainRefusal(error: unknown): Refusal | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const codes = error.errors.map(({ extensions }) => String(extensions?.code));
  const [code] = codes;
  if (code === undefined || !codes.every((each) => CERTAIN.has(each))) return null;
  return { __typename: 'Error', code, message: error.message };
}
