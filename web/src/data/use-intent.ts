/** A hook that sends one intent once: one idempotency key, kept until it is answered. */

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { useEffect, useRef, useState } from 'react';
import { useLive, useViewerId } from './live-context.ts';
import { isPayload, isRefusal, type PayloadOf, type Refusal } from './refusal.ts';
import { waitOrReturn } from './socket.ts';

/** Between attempts with the same key, before the person is asked. Milliseconds. */
const WAITS_MS = [400, 1_000, 2_500];
/** An attempt without an answer by then has none. Milliseconds. */
const UNANSWERED_MS = 60_000;

/** After these it is certain that nothing was done. Anything else may have been done, and its answer lost. */
const CERTAIN = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  // Signing in has been done then, and is not done again either.
  'PASSWORD_CHANGE_REQUIRED',
  'UNAUTHENTICATED',
  'PANEL_LOCKED',
  'PANEL_SUSPENDED',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
]);

/** Refused before the key is looked up (R35): they say nothing of an earlier attempt with it, whose answer was lost. */
const BEFORE_REPLAY = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'PASSWORD_CHANGE_REQUIRED', 'LIMIT_EXCEEDED', 'BELOW_MINIMUM']);

export interface IntentState {
  readonly isSending: boolean;
  /** Nobody knows whether it was done. `again` asks with the same key and the same input: it cannot be done twice. */
  readonly isUncertain: boolean;
  readonly refusal: Refusal | null;
  again(): Promise<void>;
  /** A form shows the command under this name, and that it is uncertain, for as long as it is there. */
  showAs(name: string): void;
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
  /** What is being done, for a command that has no window of its own to say so. */
  readonly title?: string;
  /** The answer holds what is shown once: without its window there is nobody to show it to, so it is not asked again. */
  readonly isShownOnce?: boolean;
}

interface Named {
  readonly __typename: string;
}

/**
 * One thing that a person wants done once: one idempotency key from the first attempt to the answer, however often it is
 * sent. `mutate` answers the mutation's result, or undefined when the answer holds none. Whoever leaves before the answer
 * finds the command among the unsettled ones, with its key.
 */
export function useIntent<Input, Result extends Named>(
  mutate: (apollo: ApolloClient, input: Input) => Promise<Result | undefined>,
  { onDone, onRefused, title = '', isShownOnce = false }: Listeners<PayloadOf<Result>> = {},
): Intent<Input> {
  const { apollo, unsettled } = useLive();
  const userId = useViewerId();
  const unanswered = useRef<Input | null>(null);
  /** Whether an attempt with this key went unanswered. */
  const mayBeDone = useRef(false);
  const attempt = useRef<Promise<Outcome<Result> | null> | null>(null);
  const shownAs = useRef<string | null>(null);
  const isGone = useRef(false);
  const [state, setState] = useState<Pick<IntentState, 'isSending' | 'isUncertain' | 'refusal'>>(CALM);

  /** From here on the command is shown with the unsettled ones. */
  function handOver(): void {
    const input = unanswered.current;
    unsettled.release(unanswered);
    if (input === null || userId === null || isShownOnce) return;
    unanswered.current = null;
    unsettled.add(shownAs.current ?? title, userId, () => persist(() => mutate(apollo, input), true), attempt.current);
  }

  const latest = useRef(handOver);
  useEffect(() => {
    latest.current = handOver;
  });
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      latest.current();
    };
  }, []);

  async function send(): Promise<void> {
    const input = unanswered.current;
    if (attempt.current || input === null) return;
    setState({ ...CALM, isSending: true });
    unsettled.hold(unanswered);
    attempt.current = persist(() => mutate(apollo, input), mayBeDone.current);
    const outcome = await attempt.current;
    attempt.current = null;
    mayBeDone.current = outcome === null;
    if (isGone.current) return;
    if (outcome !== null) {
      unanswered.current = null;
      unsettled.release(unanswered);
    }
    const isShown = shownAs.current !== null;
    setState({ isSending: false, isUncertain: outcome === null && isShown, refusal: outcome?.refusal ?? null });
    if (outcome === null && !isShown) latest.current();
    if (outcome?.refusal) onRefused?.(outcome.refusal);
    if (outcome?.payload) onDone?.(outcome.payload);
  }

  return {
    ...state,
    again: send,
    showAs(name) {
      shownAs.current = name;
    },
    send(make) {
      if (!attempt.current) unanswered.current ??= make(newKey());
      return send();
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

/**
 * Asks until there is an answer, with the same input, a bounded number of times; null when none came. Once an attempt went unanswered
 * (`mayBeDone`: one before this call) only an answer that knows of it counts.
 */
export async function persist<Result extends Named>(
  ask: () => Promise<Result | undefined>,
  mayBeDone = false,
): Promise<Outcome<Result> | null> {
  let isUncertain = mayBeDone;
  for (const waitMs of [...WAITS_MS, null]) {
    const outcome = await answerOf(ask()).then(
      (result): Outcome<Result> | null => {
        if (result && isPayload(result)) return { payload: result };
        return result && isRefusal(result) ? { refusal: result } : null;
      },
      (error: unknown) => {
        const refusal = certainRefusal(error);
        return refusal && { refusal };
      },
    );
    if (outcome && !(isUncertain && outcome.refusal && BEFORE_REPLAY.has(outcome.refusal.code))) return outcome;
    isUncertain = true;
    if (waitMs !== null) await waitOrReturn(waitMs);
  }
  return null;
}

/** What was asked, or nothing after a time in which any answer would have come: an emptied cache forgets whom it owes one. */
async function answerOf<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, UNANSWERED_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** A top-level error as the refusal that it is, if nothing can have been done. */
function certainRefusal(error: unknown): Refusal | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const codes = error.errors.map(({ extensions }) => String(extensions?.code));
  const [code] = codes;
  if (code === undefined || !codes.every((each) => CERTAIN.has(each))) return null;
  return { __typename: 'Error', code, message: error.message };
}
