/** Loaded into a server's process before the server: waits on a shared machine must not turn into refusals. */
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';

Object.assign(DEFAULT_LIMITS, { eventLoopDelayMs: 60_000, answerWithinMs: 60_000 });
