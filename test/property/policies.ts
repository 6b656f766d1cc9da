/** The policies of tenants in random tests: the initial one, and those that an owner may choose. */

import fc from 'fast-check';
import type { Policy } from '../../src/kernel/policy.ts';

/** The policy of a new tenant. */
export const FIRST_POLICY: Policy = {
  trialMaxHours: 24,
  trialQuota: 25,
  reclaimAllowed: false,
  purchaseSource: 'PLATFORM',
  refundPolicy: 'NONE',
  minimumTransfer: 1,
  undoMinutes: 10,
  minimumPurchase: 10,
  minimumInitialCredits: 10,
  trialsForNewContactsOnly: true,
};

/** The policy that the founding tenant's owner chooses before anything else happens. */
export const policy: fc.Arbitrary<Policy> = fc.record({
  trialMaxHours: fc.constantFrom(4, 24, 24),
  trialQuota: fc.constantFrom(0, 1, 2, 25, 25),
  reclaimAllowed: fc.boolean(),
  purchaseSource: fc.constantFrom('PLATFORM' as const, 'PARENT' as const, 'PARENT' as const),
  refundPolicy: fc.constantFrom('NONE' as const, 'UNUSED_PERIODS' as const),
  minimumTransfer: fc.constantFrom(1, 1, 1, 12),
  undoMinutes: fc.constantFrom(0, 10, 60, 60),
  minimumPurchase: fc.constantFrom(1, 10, 10, 15),
  minimumInitialCredits: fc.constantFrom(1, 1, 10, 15),
  trialsForNewContactsOnly: fc.boolean(),
});
