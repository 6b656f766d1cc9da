/** Loaded into a server before it: receivers are on this machine, a dead server's are taken over soon, and what fails is tried again soon. */
import { DEFAULT_WEBHOOK_OPTIONS } from '../../src/domain/endpoint/webhooks.ts';

// So many that a fault of minutes makes nothing dead.
const retryDelaysMs = Array.from({ length: 200 }, (_, index) => Math.min(200 * (index + 1), 2_000));
Object.assign(DEFAULT_WEBHOOK_OPTIONS, { allowLoopback: true, attemptTimeoutMs: 3_000, leaseMs: 20_000, retryDelaysMs });
