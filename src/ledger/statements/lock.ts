/** The first round trip of a posting: which rows a batch locks, and the statements that lock and look up. read-state.ts reads their answers. */

import { binaryArray, type Parameter, type Statement } from '../../db/arrays/binary.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { LEDGER_POLICY_FIELDS, policyColumn } from '../../kernel/policy.ts';
import type { Command } from '../command.ts';
import { READS_NOTHING, type Reads } from '../rules/command-kind.ts';
import { accountsOf, holdsTree, namesOf } from '../rules/footprint.ts';
import { kindOf } from '../rules/kinds.ts';
import { CLAIM, CUSTOMER, CUSTOMER_PAYMENT, ms } from './row-json.ts';

/** What a batch will lock and look up. Built before the transaction begins. */
export interface LockPlan {
  /** Sent in this order, in one round trip with BEGIN. */
  readonly names: Statement | null;
  readonly tenants: Statement | null;
  readonly accounts: Statement;
  readonly lookUp: Statement;
  readonly rare: Statement | null;
  readonly customers: Statement | null;
  readonly orders: Statement | null;
  readonly branches: Statement | null;
  /** Of accounts and panels, and of actors: the answers name them by their position here, from 1. */
  readonly tenantIds: readonly string[];
  readonly actorTenantIds: readonly string[];
}

/** How a batch meets rows that others hold: it waits for them, passes them over, or, to answer a quote, locks nothing at all. */
export type LockMode = 'wait' | 'skip' | 'read';

const ACCOUNT_COLUMNS = 'id, balance, version, locked_since, reserve_threshold, debt, issued, consumed, withdrawn, changed_at';

/** A column of the answer as one text, of what is never null and holds no comma: cheaper on both sides than an array's literal. */
const list = (expression: string) => `string_agg((${expression})::text, ',')`;
/** The same of what may be null, which is the empty text. */
const nullable = (expression: string) => list(`coalesce((${expression})::text, '')`);

/**
 * Ids by tenant, from byTenant: one index scan a tenant, tenants in the order given and ids sorted, for half the CPU of a
 * look-up for each pair. OFFSET 0 has the ids cut out once: Postgres checks the condition again for every row that another
 * batch changed while this one waited.
 */
const wantedIds = ([tenants, starts, ends, ids]: readonly string[]) =>
  `(SELECT tenant, in_tenant, (${ids}::uuid[])[first::integer:last::integer] AS ids
    FROM unnest(${tenants}::uuid[], ${starts}::bigint[], ${ends}::bigint[]) WITH ORDINALITY AS given (in_tenant, first, last, tenant)
    OFFSET 0) AS wanted`;

/**
 * Only columns of the locked rows: a join here would answer the new balance beside the old parent. `account` has no other
 * index that a tenant's id could lead the planner to. `tenant` is the position among those given.
 */
const lockAccounts = (locking: string) => `
SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid,
  ${list('tenant')} AS tenant, ${list('id')} AS id, ${list('balance')} AS balance, ${list('version')} AS version,
  ${nullable(ms('locked_since'))} AS locked_since, ${list('reserve_threshold')} AS reserve_threshold, ${list('debt')} AS debt,
  ${list('issued')} AS issued, ${list('consumed')} AS consumed, ${list('withdrawn')} AS withdrawn, ${list(ms('changed_at'))} AS changed_at
FROM ${wantedIds(['$1', '$2', '$3', '$4'])} CROSS JOIN LATERAL (
  SELECT ${ACCOUNT_COLUMNS} FROM account
  WHERE tenant_id = wanted.in_tenant AND id = ANY (wanted.ids)
  ORDER BY id
  ${locking}
) AS locked`;
const LOCK_ACCOUNTS = {
  wait: lockAccounts('FOR NO KEY UPDATE'),
  skip: lockAccounts('FOR NO KEY UPDATE SKIP LOCKED'),
  read: lockAccounts('').replace('pg_current_xact_id()', 'pg_current_xact_id_if_assigned()'),
};

/** By whom a panel is suspended: paths, marked where only a debt does it (debtHold). Whether anybody is in these tenants is asked once. */
const HOLDS = `CASE WHEN EXISTS (SELECT FROM reseller WHERE tenant_id = ANY ($1::uuid[]) AND suspended_at IS NOT NULL) THEN (
  SELECT string_agg(s.path || CASE WHEN s.in_debt AND s.suspended_by IS NULL THEN '~' ELSE '' END, '+') FROM reseller s
  WHERE s.tenant_id = r.tenant_id AND s.suspended_at IS NOT NULL AND s.path <= r.path AND starts_with(r.path, s.path)
) END`;

/** Who on the path is limited, from the root, and to what (R56). Whether anybody is in these tenants is asked once. */
const LIMITS = `CASE WHEN EXISTS (SELECT FROM reseller WHERE tenant_id = ANY ($1::uuid[]) AND limited) THEN (
  SELECT string_agg(concat_ws(':', l.id, l.may_create_resellers, coalesce(l.max_resellers::text, ''), coalesce(l.max_customers::text, ''),
    coalesce(l.max_trials_per_day::text, ''), coalesce(l.max_screens_per_customer::text, '')), '+' ORDER BY l.path)
  FROM reseller l WHERE l.tenant_id = r.tenant_id AND l.limited AND l.path <= r.path AND starts_with(r.path, l.path)
) END`;

/** "/" is the byte after ".": see branchEnd. */
const inBranch = (panel: string) =>
  `${panel}.tenant_id = top.tenant_id AND ${panel}.path >= top.path AND ${panel}.path < left(top.path, -1) || '/'`;

/** What the locked panels owe. Whether anybody in these tenants owes anything is asked once. */
const DEBTS = `CASE WHEN EXISTS (SELECT FROM claim WHERE tenant_id = ANY ($1::uuid[]) AND owed > 0) THEN (
  SELECT json_agg(${CLAIM}) FROM claim c WHERE c.tenant_id = ANY ($1::uuid[]) AND c.debtor_id = ANY ($4::uuid[]) AND c.owed > 0
)::text END`;

/** What waits for credits of the locked panels, each with its customer, the oldest first (R54). Whether anything waits in these tenants is asked once. */
const WAITING = `CASE WHEN EXISTS (SELECT FROM customer_payment WHERE tenant_id = ANY ($1::uuid[]) AND status = 'PAID_UNFUNDED') THEN (
  SELECT json_agg(json_build_object('payment', ${CUSTOMER_PAYMENT}, 'customer', ${CUSTOMER}) ORDER BY p.paid_at, p.id)
  FROM customer_payment p CROSS JOIN LATERAL (SELECT * FROM customer WHERE tenant_id = p.tenant_id AND id = p.customer_id OFFSET 0) AS c
  WHERE p.tenant_id = ANY ($1::uuid[]) AND p.reseller_id = ANY ($4::uuid[]) AND p.status = 'PAID_UNFUNDED'
)::text END`;

const POLICY = LEDGER_POLICY_FIELDS.map((field) => `array_agg(t.${policyColumn(field)}) AS policy_${policyColumn(field)}`).join(', ');

/**
 * A statement of its own after the lock, so that its snapshot sees what the lock waited for. Each table stands in a lateral
 * part that OFFSET 0 keeps as it is: as joins, a plan made while a table was empty read all of it first, and went on to do so.
 */
const LOOK_UP = `
SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, ${DEBTS} AS debts, ${WAITING} AS waiting, panel.*, known.*, acting.*, ruling.*
FROM (
  SELECT ${list('wanted.tenant')} AS panel_tenant, ${list('r.id')} AS panel_id, ${nullable('r.parent_id')} AS panel_parent,
    ${list('r.path')} AS panel_path, ${list('r.depth')} AS panel_depth, ${list('r.closed_at IS NOT NULL')} AS panel_closed, ${list('r.keep_reserve')} AS panel_keep,
    ${nullable(HOLDS)} AS panel_holds, ${nullable(LIMITS)} AS panel_limits
  FROM ${wantedIds(['$1', '$2', '$3', '$4'])} CROSS JOIN LATERAL (
    SELECT * FROM reseller WHERE tenant_id = wanted.in_tenant AND id = ANY (wanted.ids) OFFSET 0
  ) AS r
) AS panel, (
  SELECT array_agg(wanted.position) AS key_position, array_agg(encode(k.hash, 'hex')) AS key_hash,
    array_agg(k.transfer_id) AS key_transfer, array_agg(k.subject_id) AS key_subject
  FROM unnest($5::uuid[], $6::uuid[], $7::text[]) WITH ORDINALITY AS wanted (tenant_id, scope_id, key, position) CROSS JOIN LATERAL (
    SELECT hash, transfer_id, subject_id FROM command_key
    WHERE tenant_id = wanted.tenant_id AND scope_id = wanted.scope_id AND key = wanted.key OFFSET 0
  ) AS k
) AS known, (
  SELECT ${list('wanted.tenant')} AS actor_tenant, ${list('u.id')} AS actor_id, ${nullable('u.reseller_id')} AS actor_reseller,
    ${list('u.role')} AS actor_role, ${list('u.disabled_at IS NOT NULL')} AS actor_disabled
  FROM ${wantedIds(['$8', '$9', '$10', '$11'])} CROSS JOIN LATERAL (
    SELECT * FROM app_user WHERE tenant_id = wanted.in_tenant AND id = ANY (wanted.ids) OFFSET 0
  ) AS u
) AS acting, (
  SELECT array_agg(t.id) AS policy_tenant, ${POLICY}
  FROM tenant t WHERE t.id = ANY ($12::uuid[])
) AS ruling`;

/** What only creating and issuing need: e-mails in use, totals issued, labels for new paths. */
const RARE = `
SELECT
  (SELECT array_agg(wanted.position) FROM unnest($1::text[]) WITH ORDINALITY AS wanted (email, position)
    CROSS JOIN LATERAL (SELECT FROM app_user WHERE email = wanted.email OFFSET 0) AS u) AS taken,
  (SELECT array_agg(wanted.id) FROM unnest($2::uuid[]) AS wanted (id)) AS tenant,
  (SELECT array_agg((SELECT coalesce(sum(a.issued), 0)::bigint FROM account a WHERE a.tenant_id = wanted.id AND a.issued > 0))
   FROM unnest($2::uuid[]) AS wanted (id)) AS issued,
  (SELECT array_agg(nextval('reseller_label')) FROM generate_series(1, $3::integer)) AS labels`;

/**
 * Customers, and what trials were started: by contact, and by panel in the last 24 h (R24), in which it undid spends (R45). A contact whose key was made anew
 * has its trial under both keys: such a trial counts once. Contacts that a panel has activated, as they are and as they were.
 * Which of the logins that callers chose are taken (R46).
 */
const CUSTOMERS = `
SELECT
  (SELECT json_agg(${CUSTOMER})
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, id)
    CROSS JOIN LATERAL (SELECT * FROM customer WHERE tenant_id = wanted.tenant_id AND id = wanted.id OFFSET 0) AS c)::text AS customers,
  (SELECT json_agg(json_build_object('tenantId', t.tenant_id, 'contactKey', t.contact_key))
    FROM unnest($3::uuid[], $4::text[]) AS wanted (tenant_id, contact_key)
    CROSS JOIN LATERAL (SELECT * FROM trial WHERE tenant_id = wanted.tenant_id AND contact_key = wanted.contact_key OFFSET 0) AS t)::text AS trials,
  (SELECT json_agg(json_build_object('tenantId', wanted.tenant_id, 'contactKey', wanted.contact_key))
    FROM unnest($3::uuid[], $4::text[]) AS wanted (tenant_id, contact_key)
    WHERE EXISTS (SELECT FROM customer c WHERE c.tenant_id = wanted.tenant_id AND c.contact_key = wanted.contact_key AND NOT c.is_trial)
      OR EXISTS (SELECT FROM activated_contact a WHERE a.tenant_id = wanted.tenant_id AND a.contact_key = wanted.contact_key))::text AS activated,
  (SELECT json_agg(json_build_object('id', wanted.id, 'trials', (SELECT count(DISTINCT t.customer_id) FROM trial t
      WHERE t.tenant_id = wanted.tenant_id AND t.reseller_id = wanted.id AND t.started_at > clock_timestamp() - interval '24 hours'),
      'undos', (SELECT count(*) FROM undone_spending u
      WHERE u.tenant_id = wanted.tenant_id AND u.reseller_id = wanted.id AND u.undone_at > clock_timestamp() - interval '24 hours')))
    FROM unnest($5::uuid[], $6::uuid[]) AS wanted (tenant_id, id))::text AS counts,
  (SELECT json_agg(json_build_object('tenantId', a.tenant_id, 'login', a.login))
    FROM unnest($7::uuid[], $8::text[]) AS wanted (tenant_id, login)
    CROSS JOIN LATERAL (SELECT tenant_id, login FROM customer_access WHERE tenant_id = wanted.tenant_id AND login = wanted.login OFFSET 0) AS a
  )::text AS logins`;

/** Purchases, of panels that buy or are closed what is open, what providers' payments settled, and what customers pay. */
const ORDERS = `
SELECT
  (SELECT json_agg(json_build_object('tenantId', p.tenant_id, 'id', p.id, 'buyerId', p.buyer_id, 'sellerId', p.seller_id,
      'quantity', p.quantity, 'totalMinor', p.total_minor, 'currency', p.currency, 'provider', p.provider, 'status', p.status,
      'createdBy', p.created_by, 'createdAtMs', ${ms('p.created_at')}, 'expiresAtMs', ${ms('p.expires_at')},
      'settledAtMs', ${ms('p.settled_at')}, 'transferId', p.transfer_id, 'reference', p.reference,
      'chargedBack', p.charged_back, 'deliveredBy', p.delivered_by))
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, id)
    CROSS JOIN LATERAL (SELECT * FROM purchase WHERE tenant_id = wanted.tenant_id AND id = wanted.id OFFSET 0) AS p)::text AS purchases,
  (SELECT json_agg(json_build_object('id', wanted.id,
      'pending', (SELECT count(*) FROM purchase p WHERE p.tenant_id = wanted.tenant_id AND p.buyer_id = wanted.id
        AND p.status = 'PENDING' AND p.expires_at > clock_timestamp()),
      'openChildren', (SELECT count(*) FROM reseller r WHERE r.tenant_id = wanted.tenant_id AND r.parent_id = wanted.id AND r.closed_at IS NULL)))
    FROM unnest($3::uuid[], $4::uuid[]) AS wanted (tenant_id, id))::text AS counts,
  (SELECT json_agg(json_build_object('sellerId', p.seller_id, 'provider', p.provider, 'reference', p.reference, 'purchaseId', p.id))
    FROM unnest($5::uuid[], $6::text[]) AS wanted (seller_id, reference)
    JOIN purchase p ON coalesce(p.seller_id, '${PLATFORM_TENANT_ID}') = coalesce(wanted.seller_id, '${PLATFORM_TENANT_ID}')
      AND p.provider <> 'MANUAL' AND p.provider IN ('STRIPE', 'MERCADO_PAGO') AND p.reference = wanted.reference)::text AS payments,
  (SELECT json_agg(${CLAIM})
    FROM unnest($7::uuid[], $8::uuid[]) AS wanted (tenant_id, id)
    CROSS JOIN LATERAL (SELECT * FROM claim WHERE tenant_id = wanted.tenant_id AND purchase_id = wanted.id OFFSET 0) AS c)::text AS claims,
  (SELECT json_agg(${CUSTOMER_PAYMENT})
    FROM unnest($9::uuid[], $10::uuid[]) AS wanted (tenant_id, id)
    CROSS JOIN LATERAL (SELECT * FROM customer_payment WHERE tenant_id = wanted.tenant_id AND id = wanted.id OFFSET 0) AS p)::text AS customer_payments`;

/** What is there of the branches of panels that are limited (R56), counted under the locks of their accounts: those who add to one hold its. */
const BRANCHES = `
SELECT (SELECT json_agg(json_build_object('id', top.id,
    'resellers', (SELECT count(*) FROM reseller r WHERE ${inBranch('r')} AND r.path > top.path AND r.closed_at IS NULL),
    'customers', (SELECT count(*) FROM customer c WHERE c.tenant_id = top.tenant_id AND c.reseller_id = ANY (ARRAY(
        SELECT r.id FROM reseller r WHERE ${inBranch('r')}))
      AND c.expires_at > clock_timestamp() AND c.canceled_at IS NULL AND NOT c.is_trial),
    'trials', (SELECT count(DISTINCT t.customer_id) FROM trial t WHERE t.tenant_id = top.tenant_id AND t.reseller_id = ANY (ARRAY(
        SELECT r.id FROM reseller r WHERE ${inBranch('r')}))
      AND t.started_at > clock_timestamp() - interval '24 hours')))
  FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, id)
  CROSS JOIN LATERAL (SELECT tenant_id, id, path FROM reseller WHERE tenant_id = wanted.tenant_id AND id = wanted.id AND limited OFFSET 0) AS top
)::text AS branches`;

/** Takes names in text order everywhere, and answers the positions of those it could not have: none, or with 'skip' those held by others. */
const lockNames = (taken: string) => `
SELECT array_agg(position) FILTER (WHERE NOT taken) AS missed FROM (
  SELECT position, ${taken} AS taken
  FROM (SELECT position, hashtextextended(name, 0) AS hash FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, position) ORDER BY name) AS named
  OFFSET 0
) AS held`;
const LOCK_NAMES = {
  wait: lockNames('pg_advisory_xact_lock(hash) IS NOT NULL'),
  skip: lockNames('pg_try_advisory_xact_lock(hash)'),
};

/**
 * Creating a panel holds the tree still: moving one takes the same row, in the same mode. With FOR SHARE here a move
 * waited for ever behind panels being made, each of which joined those that held the row: 4 of 20 moves came through.
 */
const lockTenants = (locking: string) =>
  `SELECT array_agg(id) AS id FROM (SELECT id FROM tenant WHERE id = ANY ($1::uuid[]) ORDER BY id ${locking}) AS held`;
const LOCK_TENANTS = { wait: lockTenants('FOR NO KEY UPDATE'), skip: lockTenants('FOR NO KEY UPDATE SKIP LOCKED') };

/** `also`: accounts beside those that the commands name, by their ids, with their tenants; of those that are limited, the branches are counted. */
export function planLocks(commands: readonly Command[], mode: LockMode, also: ReadonlyMap<string, string> = new Map()): LockPlan {
  const accounts = new Map<string, string>();
  const actors = new Map<string, string>();
  const tenants = new Set<string>();
  for (const command of commands) {
    for (const id of accountsOf(command)) accounts.set(id + command.tenantId, command.tenantId);
    actors.set(command.actorId + command.scopeTenantId, command.scopeTenantId);
    tenants.add(command.tenantId);
  }
  for (const [id, tenantId] of also) accounts.set(id + tenantId, tenantId);
  const [panels, users] = [byTenant(accounts), byTenant(actors)];
  const keys = keyedOf(commands);
  const reads = readsOf(commands);
  const names = mode === 'read' ? [] : commands.flatMap(namesOf);
  const trees = mode === 'read' ? [] : commands.filter(holdsTree);
  return {
    names: names.length === 0 || mode === 'read' ? null : { text: LOCK_NAMES[mode], parameters: [texts(names)] },
    tenants:
      trees.length === 0 || mode === 'read'
        ? null
        : { text: LOCK_TENANTS[mode], parameters: [uuids([...new Set(trees.map(({ tenantId }) => tenantId))])] },
    accounts: { text: LOCK_ACCOUNTS[mode], parameters: panels.parameters },
    lookUp: {
      text: LOOK_UP,
      parameters: [
        ...panels.parameters,
        uuids(keys.map((command) => command.scopeTenantId)),
        uuids(keys.map((command) => command.scopeId)),
        texts(keys.map((command) => command.key)),
        ...users.parameters,
        uuids([...tenants]),
      ],
    },
    rare: planRare(reads),
    customers: planCustomers(reads),
    orders: planOrders(reads),
    branches: also.size === 0 ? null : { text: BRANCHES, parameters: [uuids([...also.values()]), uuids([...also.keys()])] },
    tenantIds: panels.tenantIds,
    actorTenantIds: users.tenantIds,
  };
}

/** Those that carry a key of the caller's; the look-up names them by their position in this list. */
export type KeyedCommand = Extract<Command, { key: string }>;

export function keyedOf(commands: readonly Command[]): KeyedCommand[] {
  return commands.filter((command): command is KeyedCommand => command.key !== null);
}

/** What is read for one command, and for whom. */
interface Read {
  readonly tenantId: string;
  readonly scopeId: string;
  readonly of: Reads;
}

function readsOf(commands: readonly Command[]): Read[] {
  const reads: Read[] = [];
  for (const command of commands) {
    const of = kindOf(command).reads(command);
    if (of !== READS_NOTHING) reads.push({ tenantId: command.tenantId, scopeId: command.scopeId, of });
  }
  return reads;
}

/** Of the panels to be made; the look-up names those that are taken by their position in this list. */
export function emailsOf(commands: readonly Command[]): string[] {
  return emailsIn(readsOf(commands));
}

function emailsIn(reads: readonly Read[]): string[] {
  return reads.flatMap(({ of: { email } }) => (email === undefined ? [] : [email]));
}

function planRare(reads: readonly Read[]): Statement | null {
  const emails = emailsIn(reads);
  const issuing = new Set<string>();
  for (const { of, tenantId } of reads) if (of.issued) issuing.add(tenantId);
  if (emails.length === 0 && issuing.size === 0) return null;
  return { text: RARE, parameters: [texts(emails), uuids([...issuing]), String(emails.length)] };
}

function planCustomers(reads: readonly Read[]): Statement | null {
  const customers: [string, string][] = [];
  const trials: [string, string][] = [];
  const logins: [string, string][] = [];
  const panels = new Map<string, string>();
  for (const { of, scopeId, tenantId } of reads) {
    if (of.login !== undefined) logins.push([tenantId, of.login]);
    if (of.customerId) customers.push([tenantId, of.customerId]);
    if (of.undos) panels.set(scopeId, tenantId);
    if (of.trialContact === undefined) continue;
    trials.push([tenantId, of.trialContact]);
    panels.set(scopeId, tenantId);
  }
  if (customers.length === 0 && trials.length === 0 && logins.length === 0) return null;
  return {
    text: CUSTOMERS,
    parameters: [
      uuids(customers.map(([tenantId]) => tenantId)),
      uuids(customers.map(([, id]) => id)),
      uuids(trials.map(([tenantId]) => tenantId)),
      texts(trials.map(([, contactKey]) => contactKey)),
      uuids([...panels.values()]),
      uuids([...panels.keys()]),
      uuids(logins.map(([tenantId]) => tenantId)),
      texts(logins.map(([, login]) => login)),
    ],
  };
}

function planOrders(reads: readonly Read[]): Statement | null {
  const purchases = new Map<string, string>();
  const panels = new Map<string, string>();
  const payments: NonNullable<Reads['payment']>[] = [];
  const charged: [string, string][] = [];
  const paid = new Map<string, string>();
  for (const { of, tenantId } of reads) {
    const { claims, customerPaymentId, panelId, payment, purchaseId } = of;
    if (customerPaymentId !== undefined) paid.set(customerPaymentId, tenantId);
    if (panelId !== undefined) panels.set(panelId, tenantId);
    if (payment !== undefined) payments.push(payment);
    if (purchaseId === undefined) continue;
    purchases.set(purchaseId, tenantId);
    if (claims) charged.push([tenantId, purchaseId]);
  }
  if (purchases.size === 0 && panels.size === 0 && paid.size === 0) return null;
  const lists = [purchases.values(), purchases.keys(), panels.values(), panels.keys()];
  const references = [uuids(payments.map(({ sellerId }) => sellerId)), texts(payments.map(({ reference }) => reference))];
  const claims = [uuids(charged.map(([tenantId]) => tenantId)), uuids(charged.map(([, purchaseId]) => purchaseId))];
  const byCustomers = [uuids([...paid.values()]), uuids([...paid.keys()])];
  return { text: ORDERS, parameters: [...lists.map((list) => uuids([...list])), ...references, ...claims, ...byCustomers] };
}

/** The tenants, sorted, and their ids one tenant's after another's, with where each begins and ends: see wantedIds. */
function byTenant(keys: ReadonlyMap<string, string>): { readonly tenantIds: readonly string[]; readonly parameters: readonly Parameter[] } {
  const ids = new Map<string, string[]>();
  for (const [key, tenantId] of keys) {
    const known = ids.get(tenantId);
    if (known) known.push(idOf(key));
    else ids.set(tenantId, [idOf(key)]);
  }
  const tenantIds = [...ids.keys()].sort();
  const starts: number[] = [];
  const ends: number[] = [];
  const sorted: string[] = [];
  for (const tenantId of tenantIds) {
    starts.push(sorted.length + 1);
    for (const id of ids.get(tenantId) ?? []) sorted.push(id);
    ends.push(sorted.length);
  }
  return { tenantIds, parameters: [uuids(tenantIds), binaryArray('bigint', starts), binaryArray('bigint', ends), uuids(sorted)] };
}

/** An id from a map's key of id and tenant: one id may be asked for in two tenants, and exists in at most one. */
function idOf(key: string): string {
  return key.slice(0, 36);
}

const uuids = (ids: readonly (string | null)[]) => binaryArray('uuid', ids);
const texts = (values: readonly string[]) => binaryArray('text', values);
