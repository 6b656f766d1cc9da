/**
 * Claims values that must be unique in a whole distributed deployment, which one tenant's machine cannot check alone: e-mails, the
 * platform's idempotency keys and the payments of its sales (ADR-0131).
 */

import { type Directory, subjectOfHash, type WordRow } from '../../db/directory.ts';
import type { Sql } from '../../db/sql.ts';
import type { Command } from '../command.ts';
import type { KeyUse, PaymentProvider } from '../outcome.ts';
import { keyName } from '../rules/command-kind.ts';
import type { Payment } from '../rules/state.ts';
import type { WorkingState } from '../rules/working-state.ts';

/** The unique values of some commands that are already in use, in any tenant. */
export interface UsedValues {
  readonly emails: readonly string[];
  readonly keys: readonly { readonly scopeTenantId: string; readonly scopeId: string; readonly key: string; readonly use: KeyUse }[];
  readonly payments: readonly { readonly payment: Payment; readonly purchaseId: string }[];
}

/** Posts commands with unique values while holding locks on those values, so that nobody else gets them meanwhile. */
export interface UniqueValues {
  /** `post` receives the values that are already in use, or null if none is. */
  around<Answer>(commands: readonly Command[], post: (used: UsedValues | null) => Promise<Answer>): Promise<Answer>;
}

interface UniqueValue {
  readonly kind: Parameters<Directory['claim']>[0];
  readonly value: string;
  /** The name of the lock that everybody takes before using this value. */
  readonly name: string;
  readonly row: WordRow;
  /** Whether the earlier user of the value still has it. */
  isThere(sql: Sql, row: WordRow): Promise<boolean>;
  /** The facts that the batch needs if the value is already in use. */
  found(row: WordRow): Promise<Partial<UsedValues>>;
}

export function createUniqueValues(directory: Pick<Directory, 'claim' | 'find' | 'withLocks'>, sql: Sql): UniqueValues {
  async function claim({ found, isThere, kind, row, value }: UniqueValue): Promise<Partial<UsedValues> | null> {
    if (await directory.claim(kind, value, row, isThere)) return null;
    const other = await directory.find(kind, value);
    return other && found(other);
  }

  async function claimAll(values: readonly UniqueValue[]): Promise<UsedValues | null> {
    const claims: Partial<UsedValues>[] = [];
    for (const value of values) {
      const claimed = await claim(value);
      if (claimed !== null) claims.push(claimed);
    }
    if (claims.length === 0) return null;
    return {
      emails: claims.flatMap(({ emails = [] }) => emails),
      keys: claims.flatMap(({ keys = [] }) => keys),
      payments: claims.flatMap(({ payments = [] }) => payments),
    };
  }

  async function aroundUniqueValues<Answer>(
    commands: readonly Command[],
    post: (used: UsedValues | null) => Promise<Answer>,
  ): Promise<Answer> {
    const values: UniqueValue[] = [];
    for (const command of commands) values.push(...(await uniqueValuesOf(sql, command)));
    if (values.length === 0) return post(null);
    return directory.withLocks(
      values.map(({ name }) => name),
      async () => post(await claimAll(values)),
    );
  }

  return {
    // Calls `post` synchronously if no value must be unique: a queue that is closed right afterwards must still accept the command.
    around: (commands, post) => (commands.some(mayHaveUniqueValues) ? aroundUniqueValues(commands, post) : post(null)),
  };
}

function mayHaveUniqueValues(command: Command): boolean {
  return 'owner' in command || command.scopeTenantId !== command.tenantId || command.kind === 'settlePurchase';
}

/** Adds the values that are in use elsewhere to the batch's state. Call this after the state was read. */
export function putUsedValues(state: WorkingState, { emails, keys, payments }: UsedValues): void {
  for (const email of emails) state.putEmail(email);
  for (const { key, scopeId, scopeTenantId, use } of keys) state.putKey(scopeTenantId, scopeId, key, use);
  for (const { payment, purchaseId } of payments) state.putPayment(payment, purchaseId);
}

async function uniqueValuesOf(sql: Sql, command: Command): Promise<UniqueValue[]> {
  const values: UniqueValue[] = [];
  if ('owner' in command) values.push(emailOf(command));
  // The idempotency key of an import's row contains its tenant, so no other tenant can have it.
  if (command.key !== null && command.scopeTenantId !== command.tenantId && !('importId' in command)) values.push(keyOf(sql, command));
  if (command.kind === 'settlePurchase' && command.sellerId === null && command.reference !== null) {
    const [purchase] = await sql<{ provider: PaymentProvider }[]>`
      SELECT provider FROM purchase WHERE tenant_id = ${command.tenantId} AND id = ${command.purchaseId}`;
    if (purchase && purchase.provider !== 'MANUAL') values.push(saleOf(command, command.reference, purchase.provider));
  }
  return values;
}

function emailOf({ owner, tenantId }: Extract<Command, { readonly owner: object }>): UniqueValue {
  return {
    kind: 'EMAIL',
    value: owner.email,
    name: `email ${owner.email}`,
    row: { tenantId, subjectId: owner.id },
    async isThere(sql, row) {
      const { count } = await sql`
        SELECT FROM app_user WHERE tenant_id = ${row.tenantId} AND id = ${row.subjectId} AND email = ${owner.email}`;
      return count > 0;
    },
    found: async () => ({ emails: [owner.email] }),
  };
}

/** The same input for the same tenant counts as the same user of the key. That tenant's own rows tell the result of the first call. */
function keyOf(sql: Sql, command: Extract<Command, { readonly key: string }>): UniqueValue {
  const { hash, key, scopeId, scopeTenantId, tenantId } = command;
  const readUse = (client: Sql, row: WordRow) => client<KeyUse[]>`
    SELECT encode(hash, 'hex') AS hash, transfer_id AS "transferId", subject_id AS "subjectId" FROM command_key
    WHERE tenant_id = ${row.tenantId} AND scope_id = ${scopeId} AND key = ${key}`;
  return {
    kind: 'COMMAND',
    value: `${scopeId} ${key}`,
    name: keyName(command),
    row: { tenantId, subjectId: subjectOfHash(hash) },
    isThere: async (client, row) => (await readUse(client, row)).length > 0,
    async found(row) {
      const [use] = row.tenantId === tenantId ? [] : await readUse(sql, row);
      return use ? { keys: [{ scopeTenantId, scopeId, key, use }] } : {};
    },
  };
}

/** A payment to the platform's account settles only one purchase, among the purchases of all tenants. */
function saleOf(
  { purchaseId, tenantId }: { readonly purchaseId: string; readonly tenantId: string },
  reference: string,
  provider: PaymentProvider,
): UniqueValue {
  return {
    kind: 'PLATFORM_SALE',
    value: `${provider} ${reference}`,
    name: `payment null ${reference}`,
    row: { tenantId, subjectId: purchaseId },
    async isThere(sql, row) {
      const { count } = await sql`
        SELECT FROM purchase WHERE tenant_id = ${row.tenantId} AND id = ${row.subjectId} AND reference = ${reference}`;
      return count > 0;
    },
    found: async (row) => ({ payments: [{ payment: { sellerId: null, provider, reference }, purchaseId: row.subjectId }] }),
  };
}
