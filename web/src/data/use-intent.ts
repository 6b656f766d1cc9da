/** A hook that executes one intent once, with one idempotency key until its outcome is known. */

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { useEffect, useRef, useState } from 'react';
import { useLive, useViewerId } from './live-context.ts';
import { isPayload, isRefusal, type PayloadOf, type Refusal } from './refusal.ts';
import { waitOrReturn } from './socket.ts';

/** The waits between automatic attempts with the same key, in milliseconds. After them the person decides. */
const WAITS_MS = [400, 1_000, 2_500];
/** After this time an attempt counts as unanswered. Milliseconds. */
const UNANSWERED_MS = 60_000;

/** With these codes it is certain that nothing was done. After any other error the command may have been executed. */
const CERTAIN = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  // Here the sign-in itself has succeeded, and must not be repeated.
  'PASSWORD_CHANGE_REQUIRED',
  'UNAUTHENTICATED',
  'PANEL_LOCKED',
  'PANEL_SUSPENDED',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
]);

/** Refusals that come before the key is looked up (R35). They say nothing about an earlier attempt with the same key. */
const BEFORE_REPLAY = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'PASSWORD_CHANGE_REQUIRED', 'LIMIT_EXCEEDED', 'BELOW_MINIMUM']);

export interface IntentState {
  readonly isSending: boolean;
  /** The outcome is unknown. `again` sends the same key and input, so the command cannot be executed twice. */
  readonly isUncertain: boolean;
  readonly refusal: Refusal | null;
  again(): Promise<void>;
  /** Called by a form that shows the command under this name, also while its outcome is unknown. */
  showAs(name: string): void;
}

export interface Intent<Input> extends IntentState {
  /**
   * Sends the input that `make` returns for the intent's key. Does nothing while an earlier call is in flight. While the outcome
   * is unknown, every call sends the first input again.
   */
  send(make: (idempotencyKey: string) => Input): Promise<void>;
}

interface Listeners<Payload> {
  readonly onDone?: (payload: Payload) => void;
  readonly onRefused?: (refusal: Refusal) => void;
  /** The command's title, for a command without its own dialog. */
  readonly title?: string;
  /** The result contains a secret that is shown once. Without the dialog nobody would see it, so the command is not sent again. */
  readonly isShownOnce?: boolean;
}

interface Named {
  readonly __typename: string;
}

/**
 * Executes one intent of a person once. All attempts use one idempotency key, until there is an answer. `mutate` returns the
 * mutation's result, or undefined if the response contains none. If the person leaves before the answer, the command and its
 * key move to the unsettled commands.
 */
export function useIntent<Input, Result extends Named>(
  mutate: (apollo: ApolloClient, input: Input) => Promise<Result | undefined>,
  { onDone, onRefused, title = '', isShownOnce = false }: Listeners<PayloadOf<Result>> = {},
): Intent<Input> {
  const { apollo, unsettled } = useLive();
  const userId = useViewerId();
  const unanswered = useRef<Input | null>(null);
  /** Whether an earlier attempt with this key got no answer. */
  const mayBeDone = useRef(false);
  const attempt = useRef<Promise<Outcome<Result> | null> | null>(null);
  const shownAs = useRef<string | null>(null);
  const isUnmounted = useRef(false);
  const [state, setState] = useState<Pick<IntentState, 'isSending' | 'isUncertain' | 'refusal'>>(IDLE);

  /** Moves the command to the unsettled commands. */
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
    isUnmounted.current = false;
    return () => {
      isUnmounted.current = true;
      latest.current();
    };
  }, []);

  async function send(): Promise<void> {
    const input = unanswered.current;
    if (attempt.current || input === null) return;
    setState({ ...IDLE, isSending: true });
    unsettled.hold(unanswered);
    attempt.current = persist(() => mutate(apollo, input), mayBeDone.current);
    const outcome = await attempt.current;
    attempt.current = null;
    mayBeDone.current = outcome === null;
    if (isUnmounted.current) return;
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

const IDLE = { isSending: false, isUncertain: false, refusal: null } as const;

/** A new idempotency key, for a write that must not be executed twice. */
export function newKey(): string {
  return crypto.randomUUID();
}

export interface Outcome<Result extends Named> {
  readonly payload?: PayloadOf<Result>;
  readonly refusal?: Refusal;
}

/**
 * Sends the same input until there is an answer, a bounded number of times; returns null if there is none. After an unanswered
 * attempt (`mayBeDone`: before this call), refusals that precede the key's lookup do not count as answers.
 */
export async function persist<Result extends Named>(
  send: () => Promise<Result | undefined>,
  mayBeDone = false,
): Promise<Outcome<Result> | null> {
  let isUncertain = mayBeDone;
  for (const waitMs of [...WAITS_MS, null]) {
    const outcome = await answerOf(send()).then(
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

/** The response, or undefined after a timeout. A cleared Apollo cache may never answer an operation in flight. */
async function answerOf<Result>(response: Promise<Result>): Promise<Result | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, UNANSWERED_MS);
  });
  return Promise.race([response, late]).finally(() => clearTimeout(timer));
}

/** A top-level error as a refusal; null if the command may have been executed. */
function certainRefusal(error: unknown): Refusal | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const codes = error.errors.map(({ extensions }) => String(extensions?.code));
  const [code] = codes;
  if (code === undefined || !codes.every((each) => CERTAIN.has(each))) return null;
  return { __typename: 'Error', code, message: error.message };
}
