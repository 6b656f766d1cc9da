// Loaded into a server's process before the server: widens what a slow machine would meet and no setting reaches.
import { DEFAULT_QUEUE_LIMITS } from '../../../src/ledger/posting/limits.ts';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import { PATIENT_LIMITS, PATIENT_QUEUE } from '../patient.ts';

const { deadlineMs } = PATIENT_QUEUE;
Object.assign(DEFAULT_LIMITS, PATIENT_LIMITS);
Object.assign(DEFAULT_QUEUE_LIMITS, { deadlineMs });
