// Loaded into a server's process before the server: widens the limits that a slow machine would reach and that no setting changes.
import { DEFAULT_WEBHOOK_OPTIONS } from '../../../src/domain/endpoint/webhooks.ts';
import { DEFAULT_PASSWORD_COST } from '../../../src/domain/identity/passwords.ts';
import { DEFAULT_QUEUE_LIMITS } from '../../../src/ledger/posting/limits.ts';
import { DEFAULT_SUPERVISION } from '../../../src/processes/supervisor.ts';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import { CHEAP_PASSWORDS, PATIENT_LIMITS, PATIENT_QUEUE } from '../patient.ts';
import { PATIENCE_MS } from '../until.ts';

Object.assign(DEFAULT_SUPERVISION, { metricsWithinMs: PATIENCE_MS });
const { deadlineMs } = PATIENT_QUEUE;
Object.assign(DEFAULT_LIMITS, PATIENT_LIMITS);
Object.assign(DEFAULT_PASSWORD_COST, CHEAP_PASSWORDS);
Object.assign(DEFAULT_QUEUE_LIMITS, { deadlineMs });
// Receivers are on this machine. A killed process' deliveries are taken over after 5 s, and failed ones are retried after 100 ms.
Object.assign(DEFAULT_WEBHOOK_OPTIONS, { allowLoopback: true, leaseMs: 5_000, retryDelaysMs: Array.from({ length: 7 }, () => 100) });
