// Limits of the product that a slow machine would reach, widened for tests. A test of such a limit sets it itself.
import type { PasswordCost } from '../../src/domain/identity/passwords.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueLimits } from '../../src/ledger/posting/limits.ts';
import type { Limits } from '../../src/server/limits.ts';
import { PATIENCE_MS } from './until.ts';

/** For a server: it refuses or cuts nothing because the machine is busy. */
export const PATIENT_LIMITS = {
  eventLoopDelayMs: PATIENCE_MS,
  answerWithinMs: PATIENCE_MS,
  headersTimeoutMs: PATIENCE_MS,
  requestTimeoutMs: PATIENCE_MS,
  connectionInitTimeoutMs: PATIENCE_MS,
  stalledSocketMs: PATIENCE_MS,
} satisfies Partial<Limits>;

/** For a posting queue. */
export const PATIENT_QUEUE: QueueLimits = { ...DEFAULT_QUEUE_LIMITS, maxWaitMs: PATIENCE_MS, deadlineMs: PATIENCE_MS };

/** The same limits for a server that is configured by settings, in any process. */
export const PATIENT_SETTINGS = { POSTING_MAX_WAIT_MS: '60000' };

/** The lowest cost that argon2 allows. Every user in a test has a password, and a run spent minutes on the real cost. */
export const CHEAP_PASSWORDS: PasswordCost = { memoryCost: 8, timeCost: 1, parallelism: 1 };
