/** The format in which processes send each other commands and answers: a text, which the first process passes on without parsing. */

import { Refusal } from '../../kernel/errors.ts';
import { type PackedRefusal, packRefusal, unpackRefusal } from '../../kernel/packed-refusal.ts';
import type { RequestOrigin } from '../../kernel/request-origin.ts';
import type { Command } from '../command.ts';
import type { Outcome, Posted, Replayed } from '../outcome.ts';

/** One caller's commands. */
export interface Forwarded {
  /** The sender's number for these commands. */
  readonly number: number;
  readonly commands: readonly Command[];
  readonly atomic: boolean;
  readonly origin: PackedOrigin | null;
}

interface PackedOrigin {
  readonly requestId: string;
  readonly traceparent: string | null;
}

export type Answer = { readonly number: number } & (
  | { readonly outcomes: readonly PackedOutcome[] }
  | { readonly refusal: PackedRefusal }
  /** An unexpected error. Nothing was done. */
  | { readonly fault: string }
  /** The process is stopping. Nothing was done, and nothing will be. */
  | { readonly isLeft: true }
);

type PackedOutcome = Posted | PostedAlone | Replayed | { readonly status: 'refused'; readonly refusal: PackedRefusal };

/** An outcome whose only step is its transfer. Sending the transfer once makes the message half as long. */
type PostedAlone = Omit<Posted, 'status' | 'steps'> & { readonly status: 'posted alone' };

export function packOrigin(origin: RequestOrigin | undefined): PackedOrigin | null {
  return origin === undefined ? null : { requestId: origin.requestId, traceparent: origin.span?.traceparent ?? null };
}

/** The origin of a forwarded command, so that the batch can name its request. The request itself ends in the process that received it. */
export function unpackOrigin(packed: PackedOrigin | null): RequestOrigin | undefined {
  if (packed === null) return undefined;
  const { requestId, traceparent } = packed;
  return { requestId, span: traceparent === null ? null : { traceparent, operation() {}, end() {}, settle() {} } };
}

export function answerOf(number: number, outcomes: readonly Outcome[]): Answer {
  return { number, outcomes: outcomes.map(packOutcome) };
}

export function rejectionOf(number: number, error: unknown): Answer {
  if (error instanceof Refusal) return { number, refusal: packRefusal(error) };
  return { number, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function outcomesOf(packed: readonly PackedOutcome[]): Outcome[] {
  return packed.map(unpackOutcome);
}

function packOutcome(outcome: Outcome): PackedOutcome {
  if (outcome.status === 'refused') return { status: 'refused', refusal: packRefusal(outcome.refusal) };
  if (outcome.status === 'replayed') return outcome;
  const { from, steps, to, transfer } = outcome;
  const [step] = steps;
  const isAlone = steps.length === 1 && step?.transfer === transfer && step?.from === from && step?.to === to;
  if (!isAlone) return outcome;
  const { steps: _, ...rest } = outcome;
  return { ...rest, status: 'posted alone' };
}

function unpackOutcome(packed: PackedOutcome): Outcome {
  if (packed.status === 'refused') return { status: 'refused', refusal: unpackRefusal(packed.refusal) };
  if (packed.status !== 'posted alone') return packed;
  const { from, to, transfer } = packed;
  return { ...packed, status: 'posted', steps: transfer === null ? [] : [{ transfer, from, to }] };
}
