/**
 * Loaded into a server first: allows receivers on this machine, and shortens the leases of a dead server and the
 * retry delays.
 */
import { DEFAULT_WEBHOOK_OPTIONS } from '../../src/domain/endpoint/webhooks.ts';

// With this many retries, faults of minutes leave no message dead.
const retryDelaysMs = Array.from({ length: 200 }, (_, index) => Math.min(200 * (index + 1), 2_000));
Object.assign(DEFAULT_WEBHOOK_OPTIONS, { allowLoopback: true, attemptTimeoutMs: 3_000, leaseMs: 20_000, retryDelaysMs });
