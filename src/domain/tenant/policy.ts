/** The use case setTenantPolicy, and the fields that a policy has. */

import { z } from 'zod';
import { codeOf } from '../../db/retry.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { Acting, Actor, Panel, Role } from '../../kernel/actor.ts';
import { MAX_ISSUE_CREDITS } from '../../kernel/credits.ts';
import { Forbidden, InvalidInput, Unauthenticated } from '../../kernel/errors.ts';
import { POLICY_FIELDS, policyColumn, type TenantPolicy } from '../../kernel/policy.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseActor } from '../refuse-actor.ts';
import { zoneChanged } from '../reminder/rules.ts';
import { transact } from '../transact.ts';

export const POLICY_ROLES: readonly Role[] = ['OWNER'];

export type SetTenantPolicyInput = { readonly [Field in keyof TenantPolicy]?: TenantPolicy[Field] | null | undefined };

const MAX_TIME_ZONE_CHARACTERS = 64;

function whole(lowest: number, highest: number) {
  const error = `must be a whole number from ${lowest} to ${highest}.`;
  return z.number().int({ error }).min(lowest, { error }).max(highest, { error }).nullish();
}

/**
 * A name in the time zone database, in its canonical spelling. A bare offset is refused: Postgres interprets its sign the other way
 * round.
 */
const timeZoneSchema = z.string().transform((name, context) => {
  try {
    if (/^[a-z]/i.test(name) && name.length <= MAX_TIME_ZONE_CHARACTERS) {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    }
  } catch {
    // The message is added below.
  }
  context.addIssue({ code: 'custom', message: 'must be the name of a time zone, for example America/Sao_Paulo.' });
  return z.NEVER;
});

/** The schema of each field. */
const CHECKS: { readonly [Field in keyof TenantPolicy]: z.ZodType<TenantPolicy[Field] | null | undefined> } = {
  trialMaxHours: whole(1, 24),
  trialQuota: whole(0, 25),
  reclaimAllowed: z.boolean().nullish(),
  purchaseSource: z.enum(['PLATFORM', 'PARENT']).nullish(),
  refundPolicy: z.enum(['NONE', 'UNUSED_PERIODS']).nullish(),
  minimumTransfer: whole(1, MAX_ISSUE_CREDITS),
  undoMinutes: whole(0, 60),
  minimumPurchase: whole(1, MAX_ISSUE_CREDITS),
  minimumInitialCredits: whole(1, MAX_ISSUE_CREDITS),
  lockMode: z.enum(['FULL', 'SPENDING']).nullish(),
  trialsForNewContactsOnly: z.boolean().nullish(),
  timeZone: timeZoneSchema.nullish(),
};
const schema = z.object(CHECKS);

/**
 * Changes the given fields of the tenant's policy; the others stay. Only owners of the root may do this. The ledger reads the policy
 * with every batch, so it applies from the next command on.
 */
export async function setTenantPolicy(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  input: SetTenantPolicyInput,
): Promise<TenantPolicy> {
  const { id: root, path } = requireRoot(actor);
  const wanted = checkInput(schema, Object.fromEntries(POLICY_FIELDS.map((field) => [field, input[field]])));
  if (POLICY_FIELDS.every((field) => wanted[field] == null))
    throw new InvalidInput([{ path: 'input', message: 'give at least one field.' }]);
  if (wanted.timeZone != null) await refuseUnknownZone(ports.sql, wanted.timeZone);
  const { tenantId } = actor;
  return transact(ports, async (tx) => {
    await tx`SELECT FROM tenant WHERE id = ${tenantId} FOR NO KEY UPDATE`;
    await refuseActor(tx, actor, root, POLICY_ROLES);
    const before = await readPolicy(tx, tenantId);
    const after: TenantPolicy = { ...before, ...withoutNothing(wanted) };
    const changes = changesBetween(before, after);
    if (changes.length > 0) {
      await write(tx, tenantId, after);
      if (before.timeZone !== after.timeZone) await zoneChanged(tx, tenantId);
      const entry = { tenantId, resellerId: root, actorId: actor.userId, address, subject: null, changes };
      await recordAudit(tx, { ...entry, action: 'TENANT_POLICY_SET' });
    }
    return after;
  }).finally(() => {
    // The lockMode decides what a locked panel may subscribe to. Announced even if the COMMIT's outcome is unknown: an extra hint only
    // causes a re-check.
    if (wanted.lockMode != null) ports.announce({ kind: 'branch', tenantId, paths: [path] });
  });
}

/** Returns the root panel. A root stays a root forever, so the cached depth is reliable. */
function requireRoot(actor: Actor): Panel {
  const panel = requirePanel(actor, POLICY_ROLES);
  if (panel.depth !== 0) throw new Forbidden("Only an OWNER of the tenant's root panel may do this.");
  return panel;
}

/** The database computes the days, so it must know the time zone too. */
async function refuseUnknownZone(sql: Sql, timeZone: string): Promise<void> {
  try {
    await sql`SELECT now() AT TIME ZONE ${timeZone}::text`;
  } catch (error) {
    // invalid_parameter_value
    if (codeOf(error) !== '22023') throw error;
    throw new InvalidInput([{ path: 'input.timeZone', message: 'is not a time zone that the database knows.' }]);
  }
}

const COLUMNS = POLICY_FIELDS.map((field) => `${policyColumn(field)} AS "${field}"`).join(', ');

export async function readPolicy(sql: Sql | Transaction, tenantId: string): Promise<TenantPolicy> {
  const [policy] = await sql<TenantPolicy[]>`SELECT ${sql.unsafe(COLUMNS)} FROM tenant WHERE id = ${tenantId}`;
  if (!policy) throw new Unauthenticated('The session has ended.');
  return policy;
}

async function write(tx: Transaction, tenantId: string, policy: TenantPolicy): Promise<void> {
  const row = Object.fromEntries(POLICY_FIELDS.map((field) => [policyColumn(field), policy[field]]));
  await tx`UPDATE tenant SET ${tx(row)} WHERE id = ${tenantId}`;
}

/** The fields that were given. */
function withoutNothing(wanted: SetTenantPolicyInput): Partial<TenantPolicy> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null));
}

function changesBetween(before: TenantPolicy, after: TenantPolicy): AuditChange[] {
  return POLICY_FIELDS.flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, before: String(before[field]), after: String(after[field]) }],
  );
}
