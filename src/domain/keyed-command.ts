/** Builds the fields that all commands with an idempotency key share: the actor, the key's scope and the input's hash (R31). */

import { hash } from 'node:crypto';
import { type Actor, PLATFORM_TENANT_ID, type Role } from '../kernel/actor.ts';

/**
 * The common fields of a command of the acting panel or of the platform. The ledger checks `roles` again under its lock. A command
 * on rows of another tenant than the actor's overrides `tenantId` after spreading these fields.
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
 * SHA-256, in hex, of the mutation's name and its coerced input (R31), without the key, passwords and absent fields.
 * `useReserve: false` counts as absent, so that keys from before this field existed still match. The order of the fields does not matter.
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
