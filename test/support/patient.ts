// Bounds of the product that a slow machine would meet, as wide as tests need them. A test of a bound sets it itself.
import type { PasswordCost } from '../../src/domain/identity/passwords.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from '../../src/ledger/posting/limits.ts';
import type { Limits } from '../../src/server/limits.ts';
import { PATIENCE_MS } from './until.ts';

/** Of a server: nothing is refused or cut because the machine was busy. */
export const PATIENT_LIMITS = {
  eventLoopDelayMs: PATIENCE_MS,
  answerWithinMs: PATIENCE_MS,
  headersTimeoutMs: PATIENCE_MS,
  requestTimeoutMs: PATIENCE_MS,
  connectionInitTimeoutMs: PATIENCE_MS,
} satisfies Partial<Limits>;

/** Of a queue of postings. */
export const PATIENT_QUEUE: QueueLimits = { ...DEFAULT_QUEUE_LIMITS, maxWaitMs: PATIENCE_MS, deadlineMs: PATIENCE_MS };

/** The same for a server that is told by its settings, in whatever process. */
export const PATIENT_SETTINGS = { POSTING_MAX_WAIT_MS: '60000' };

/** The least that argon2 takes: every person of a test has a password, and of the real cost a run spent minutes on them. */
export const CHEAP_PASSWORDS: PasswordCost = { memoryCost: 8, timeCost: 1, parallelism: 1 };
