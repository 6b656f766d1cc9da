/** What every command carries that is posted under a key of its caller's: who acts, and what tells it from another (R31). */

import { hash } from 'node:crypto';
import { type Actor, PLATFORM_TENANT_ID, type Role } from '../kernel/actor.ts';

/**
 * The envelope of a command of the acting panel, or of the platform; to `roles`, which the ledger checks again under its lock. The
 * rows of another tenant than the actor's are changed by naming `tenantId` after it.
 */
export function keyed<const Kind extends string, Input extends { readonly idempotencyKey: string }>(
  kind: Kind,
  { panel, tenantId, userId }: Actor,
  roles: readonly Role[],
  input: Input,
) {
  return {
    kind,
    tenantId,
    scopeTenantId: panel === null ? PLATFORM_TENANT_ID : tenantId,
    scopeId: panel?.id ?? PLATFORM_TENANT_ID,
    key: input.idempotencyKey,
    hash: inputHash(kind, input),
    actorId: userId,
    roles,
  };
}

/**
 * SHA-256, in hex, over the mutation's name and its coerced input (R31), without the key, passwords and whatever was not
 * given: `useReserve: false` is not, so that keys of before it came find their input. The order of the fields does not matter.
 */
function inputHash(mutation: string, input: object): string {
  const given = Object.entries(input).filter(
    ([name, value]) =>
      !(name === 'useReserve' && value === false) &&
      value !== null &&
      value !== undefined &&
      name !== 'idempotencyKey' &&
      !/password/i.test(name),
  );
  given.sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([mutation, given]));
}
