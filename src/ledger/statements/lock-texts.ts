/** The SQL texts of a posting's first round trip: the locks, and the look-ups under the locks. */

import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { LEDGER_POLICY_FIELDS, policyColumn } from '../../kernel/policy.ts';
import { CLAIM, CUSTOMER, CUSTOMER_PAYMENT, ms } from './row-json.ts';
import { type Numbers, ONE_TENANT, type Shape, type WantedIds } from './shape.ts';

/** How a batch treats rows that others have locked: it waits for them or skips them. To answer a quote, it locks nothing. */
export type LockMode = 'wait' | 'skip' | 'read';

const ACCOUNT_COLUMNS = 'id, balance, version, locked_since, reserve_threshold, debt, issued, consumed, withdrawn, changed_at';

/** Aggregates a column into one text. Its values must not be null or contain a comma. Cheaper on both sides than an array literal. */
const list = (expression: string) => `string_agg((${expression})::text, ',')`;
/** Like `list`, for values that may be null; null becomes the empty text. */
const nullable = (expression: string) => list(`coalesce((${expression})::text, '')`);

/**
 * Returns only columns of the locked rows: a join here would return the new balance together with the old parent (ADR-0003).
 * `account` has no other index that the planner could choose for a tenant's id. `tenant` is the position in the list of tenants.
 */
const lockAccounts = (of: Shape, locking: string) => {
  const wanted = of.wantedIds(of.numbers());
  return `
SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid,
  ${list('tenant')} AS tenant, ${list('id')} AS id, ${list('balance')} AS balance, ${list('version')} AS version,
  ${nullable(ms('locked_since'))} AS locked_since, ${list('reserve_threshold')} AS reserve_threshold, ${list('debt')} AS debt,
  ${list('issued')} AS issued, ${list('consumed')} AS consumed, ${list('withdrawn')} AS withdrawn, ${list(ms('changed_at'))} AS changed_at
FROM ${wanted.from} CROSS JOIN LATERAL (
  SELECT ${ACCOUNT_COLUMNS} FROM account
  WHERE tenant_id = ${wanted.tenant} AND id = ANY (wanted.ids)
  ORDER BY id
  ${locking}
) AS locked`;
};

/**
 * The holds that suspend a panel: the paths of suspended panels, with a mark if only a debt suspends one (debtHold). One check first
 * finds out whether these tenants have any suspended panel.
 */
const holds = (
  of: Shape,
  wanted: WantedIds,
) => `CASE WHEN EXISTS (SELECT FROM reseller WHERE ${wanted.isOneOf('tenant_id')} AND suspended_at IS NOT NULL) THEN (
  SELECT string_agg(s.path || CASE WHEN s.in_debt AND s.suspended_by IS NULL THEN '~' ELSE '' END, '+') FROM reseller s
  WHERE s.tenant_id = ${of.tenantOf('r')} AND s.suspended_at IS NOT NULL AND s.path <= r.path AND starts_with(r.path, s.path)
) END`;

/** The limited panels on a path, from the root, with their limits (R56). One check first finds out whether these tenants have any. */
const limits = (
  of: Shape,
  wanted: WantedIds,
) => `CASE WHEN EXISTS (SELECT FROM reseller WHERE ${wanted.isOneOf('tenant_id')} AND limited) THEN (
  SELECT string_agg(concat_ws(':', l.id, l.may_create_resellers, coalesce(l.max_resellers::text, ''), coalesce(l.max_customers::text, ''),
    coalesce(l.max_trials_per_day::text, ''), coalesce(l.max_screens_per_customer::text, '')), '+' ORDER BY l.path)
  FROM reseller l WHERE l.tenant_id = ${of.tenantOf('r')} AND l.limited AND l.path <= r.path AND starts_with(r.path, l.path)
) END`;

/** "/" is the byte after ".": see branchEnd. */
const inBranch = (of: Shape, panel: string) =>
  `${panel}.tenant_id = ${of.tenantOf('top')} AND ${panel}.path >= top.path AND ${panel}.path < left(top.path, -1) || '/'`;

/** The debts of the locked panels. One check first finds out whether any panel of these tenants owes credits. */
const debts = ({ ids, isOneOf }: WantedIds) => `CASE WHEN EXISTS (SELECT FROM claim WHERE ${isOneOf('tenant_id')} AND owed > 0) THEN (
  SELECT json_agg(${CLAIM}) FROM claim c WHERE ${isOneOf('c.tenant_id')} AND c.debtor_id = ANY (${ids}::uuid[]) AND c.owed > 0
)::text END`;

/**
 * The payments that wait for credits of the locked panels, each with its customer, oldest first (R54). One check first finds out
 * whether any payment of these tenants waits.
 */
const waiting = (
  of: Shape,
  { ids, isOneOf }: WantedIds,
) => `CASE WHEN EXISTS (SELECT FROM customer_payment WHERE ${isOneOf('tenant_id')} AND status = 'PAID_UNFUNDED') THEN (
  SELECT json_agg(json_build_object('payment', ${CUSTOMER_PAYMENT}, 'customer', ${CUSTOMER}) ORDER BY p.paid_at, p.id)
  FROM customer_payment p CROSS JOIN LATERAL (SELECT * FROM customer WHERE tenant_id = ${of.tenantOf('p')} AND id = p.customer_id OFFSET 0) AS c
  WHERE ${isOneOf('p.tenant_id')} AND p.reseller_id = ANY (${ids}::uuid[]) AND p.status = 'PAID_UNFUNDED'
)::text END`;

const POLICY = LEDGER_POLICY_FIELDS.map((field) => `array_agg(t.${policyColumn(field)}) AS policy_${policyColumn(field)}`).join(', ');

/** The columns about actors. The table app_user must have the alias u. */
const acting = (
  tenant: string,
) => `${list(tenant)} AS actor_tenant, ${list('u.id')} AS actor_id, ${nullable('u.reseller_id')} AS actor_reseller,
    ${list('u.role')} AS actor_role, ${list('u.disabled_at IS NOT NULL')} AS actor_disabled`;

/** The idempotency keys that were used before. */
const known = (of: Shape, numbers: Numbers) => `
  SELECT array_agg(wanted.position) AS key_position, array_agg(encode(k.hash, 'hex')) AS key_hash,
    array_agg(k.transfer_id) AS key_transfer, array_agg(k.subject_id) AS key_subject
  FROM ${of.wanted(numbers, { scope_id: 'uuid', key: 'text' }, true)} CROSS JOIN LATERAL (
    SELECT hash, transfer_id, subject_id FROM command_key
    WHERE tenant_id = ${of.tenantOf('wanted')} AND scope_id = wanted.scope_id AND key = wanted.key OFFSET 0
  ) AS k
`;

/**
 * A separate statement after the lock, so that its snapshot sees the changes that the lock waited for. Each table is read in a
 * LATERAL subquery, which OFFSET 0 keeps from being flattened into a join: a join's plan that was made while a table was empty
 * read the whole table first, and continued to do so after the table had grown.
 */
const lookUp = (of: Shape) => {
  const numbers = of.numbers();
  const panels = of.wantedIds(numbers);
  const keys = known(of, numbers);
  const actors = of.wantedIds(numbers);
  return `
SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, ${debts(panels)} AS debts, ${waiting(of, panels)} AS waiting, panel.*, known.*, acting.*, ruling.*
FROM (
  SELECT ${list('wanted.tenant')} AS panel_tenant, ${list('r.id')} AS panel_id, ${nullable('r.parent_id')} AS panel_parent,
    ${list('r.path')} AS panel_path, ${list('r.depth')} AS panel_depth, ${list('r.closed_at IS NOT NULL')} AS panel_closed, ${list('r.keep_reserve')} AS panel_keep,
    ${nullable(holds(of, panels))} AS panel_holds, ${nullable(limits(of, panels))} AS panel_limits
  FROM ${panels.from} CROSS JOIN LATERAL (
    SELECT * FROM reseller WHERE tenant_id = ${panels.tenant} AND id = ANY (wanted.ids) OFFSET 0
  ) AS r
) AS panel, (${keys}) AS known, (
  SELECT ${acting('wanted.tenant')}
  FROM ${actors.from} CROSS JOIN LATERAL (
    SELECT * FROM app_user WHERE tenant_id = ${actors.tenant} AND id = ANY (wanted.ids) OFFSET 0
  ) AS u
) AS acting, (
  SELECT array_agg(t.id) AS policy_tenant, ${POLICY}
  FROM tenant t WHERE ${of.isListed(numbers, 't.id')}
) AS ruling`;
};

/** Look-ups that only creating panels and issuing credits need: used e-mails, issued totals, labels for new paths. */
export const RARE = `
SELECT
  (SELECT array_agg(wanted.position) FROM unnest($1::text[]) WITH ORDINALITY AS wanted (email, position)
    CROSS JOIN LATERAL (SELECT FROM app_user WHERE email = wanted.email OFFSET 0) AS u) AS taken,
  (SELECT array_agg(wanted.id) FROM unnest($2::uuid[]) AS wanted (id)) AS tenant,
  (SELECT array_agg((SELECT coalesce(sum(a.issued), 0)::bigint FROM account a WHERE a.tenant_id = wanted.id AND a.issued > 0))
   FROM unnest($2::uuid[]) AS wanted (id)) AS issued,
  (SELECT array_agg(nextval('reseller_label')) FROM generate_series(1, $3::integer)) AS labels`;

/** The same for a distributed database: the issued total of one tenant, and labels from the coordinator's sequence. */
export const ISSUED = `SELECT array_agg($1::uuid) AS tenant, array_agg(total.issued) AS issued
  FROM (SELECT coalesce(sum(a.issued), 0)::bigint AS issued FROM account a WHERE a.tenant_id = $1::uuid AND a.issued > 0) AS total`;
export const LABELS = "SELECT array_agg(nextval('reseller_label')) AS labels FROM generate_series(1, $1::integer)";

/** The platform's rows that a batch of one tenant needs: its actors, and keys that were used before the database was distributed. */
const platformRowsOf = () => {
  const numbers = ONE_TENANT.numbers();
  return `SELECT known.*, acting.* FROM (${known(ONE_TENANT, numbers)}) AS known, (
  SELECT ${acting('1')} FROM app_user u WHERE u.tenant_id = $1::uuid AND u.id = ANY (${numbers.next()}::uuid[])
) AS acting`;
};
export const PLATFORM_ROWS = platformRowsOf();

/**
 * Reads customers; the trials of contacts; each panel's trials (R24) and undone spends (R45) of the last 24 h; contacts with an
 * activated customer, now or before a contact was changed; and which of the logins that callers chose are taken (R46). A contact
 * whose key was recomputed has its trial under both keys, and it counts once.
 */
const customers = (of: Shape) => {
  const numbers = of.numbers();
  const ids = of.wanted(numbers, { id: 'uuid' });
  const contacts = of.wanted(numbers, { contact_key: 'text' });
  const panels = of.wanted(numbers, { id: 'uuid' });
  const logins = of.wanted(numbers, { login: 'text' });
  const tenant = of.tenantOf('wanted');
  return `
SELECT
  (SELECT json_agg(${CUSTOMER})
    FROM ${ids}
    CROSS JOIN LATERAL (SELECT * FROM customer WHERE tenant_id = ${tenant} AND id = wanted.id OFFSET 0) AS c)::text AS customers,
  (SELECT json_agg(json_build_object('tenantId', t.tenant_id, 'contactKey', t.contact_key))
    FROM ${contacts}
    CROSS JOIN LATERAL (SELECT * FROM trial WHERE tenant_id = ${tenant} AND contact_key = wanted.contact_key OFFSET 0) AS t)::text AS trials,
  (SELECT json_agg(json_build_object('tenantId', ${tenant}, 'contactKey', wanted.contact_key))
    FROM ${contacts}
    WHERE EXISTS (SELECT FROM customer c WHERE c.tenant_id = ${tenant} AND c.contact_key = wanted.contact_key AND NOT c.is_trial)
      OR EXISTS (SELECT FROM activated_contact a WHERE a.tenant_id = ${tenant} AND a.contact_key = wanted.contact_key))::text AS activated,
  (SELECT json_agg(json_build_object('id', wanted.id, 'trials', (SELECT count(DISTINCT t.customer_id) FROM trial t
      WHERE t.tenant_id = ${tenant} AND t.reseller_id = wanted.id AND t.started_at > clock_timestamp() - interval '24 hours'),
      'undos', (SELECT count(*) FROM undone_spending u
      WHERE u.tenant_id = ${tenant} AND u.reseller_id = wanted.id AND u.undone_at > clock_timestamp() - interval '24 hours')))
    FROM ${panels})::text AS counts,
  (SELECT json_agg(json_build_object('tenantId', a.tenant_id, 'login', a.login))
    FROM ${logins}
    CROSS JOIN LATERAL (SELECT tenant_id, login FROM customer_access WHERE tenant_id = ${tenant} AND login = wanted.login OFFSET 0) AS a
  )::text AS logins`;
};

/** Reads purchases with their claims, the open orders and children of panels, the purchases that payments settled, and customer payments. */
const orders = (of: Shape) => {
  const numbers = of.numbers();
  const purchases = of.wanted(numbers, { id: 'uuid' });
  const panels = of.wanted(numbers, { id: 'uuid' });
  const [sellers, references] = [numbers.next(), numbers.next()];
  const charged = of.wanted(numbers, { id: 'uuid' });
  const paid = of.wanted(numbers, { id: 'uuid' });
  const tenant = of.tenantOf('wanted');
  return `
SELECT
  (SELECT json_agg(json_build_object('tenantId', p.tenant_id, 'id', p.id, 'buyerId', p.buyer_id, 'sellerId', p.seller_id,
      'quantity', p.quantity, 'totalMinor', p.total_minor, 'currency', p.currency, 'provider', p.provider, 'status', p.status,
      'createdBy', p.created_by, 'createdAtMs', ${ms('p.created_at')}, 'expiresAtMs', ${ms('p.expires_at')},
      'settledAtMs', ${ms('p.settled_at')}, 'transferId', p.transfer_id, 'reference', p.reference,
      'chargedBack', p.charged_back, 'deliveredBy', p.delivered_by))
    FROM ${purchases}
    CROSS JOIN LATERAL (SELECT * FROM purchase WHERE tenant_id = ${tenant} AND id = wanted.id OFFSET 0) AS p)::text AS purchases,
  (SELECT json_agg(json_build_object('id', wanted.id,
      'pending', (SELECT count(*) FROM purchase p WHERE p.tenant_id = ${tenant} AND p.buyer_id = wanted.id
        AND p.status = 'PENDING' AND p.expires_at > clock_timestamp()),
      'openChildren', (SELECT count(*) FROM reseller r WHERE r.tenant_id = ${tenant} AND r.parent_id = wanted.id AND r.closed_at IS NULL)))
    FROM ${panels})::text AS counts,
  (SELECT json_agg(json_build_object('sellerId', p.seller_id, 'provider', p.provider, 'reference', p.reference, 'purchaseId', p.id))
    FROM unnest(${sellers}::uuid[], ${references}::text[]) AS wanted (seller_id, reference)
    JOIN purchase p ON ${of.alsoOfTenant('p')}coalesce(p.seller_id, '${PLATFORM_TENANT_ID}') = coalesce(wanted.seller_id, '${PLATFORM_TENANT_ID}')
      AND p.provider <> 'MANUAL' AND p.provider IN ('STRIPE', 'MERCADO_PAGO') AND p.reference = wanted.reference)::text AS payments,
  (SELECT json_agg(${CLAIM})
    FROM ${charged}
    CROSS JOIN LATERAL (SELECT * FROM claim WHERE tenant_id = ${tenant} AND purchase_id = wanted.id OFFSET 0) AS c)::text AS claims,
  (SELECT json_agg(${CUSTOMER_PAYMENT})
    FROM ${paid}
    CROSS JOIN LATERAL (SELECT * FROM customer_payment WHERE tenant_id = ${tenant} AND id = wanted.id OFFSET 0) AS p)::text AS customer_payments`;
};

/** Counts the branches of limited panels (R56). Their accounts are locked, and whoever adds to a branch needs the same locks. */
const branches = (of: Shape) => `
SELECT (SELECT json_agg(json_build_object('id', top.id,
    'resellers', (SELECT count(*) FROM reseller r WHERE ${inBranch(of, 'r')} AND r.path > top.path AND r.closed_at IS NULL),
    'customers', (SELECT count(*) FROM customer c WHERE c.tenant_id = ${of.tenantOf('top')} AND c.reseller_id = ANY (ARRAY(
        SELECT r.id FROM reseller r WHERE ${inBranch(of, 'r')}))
      AND c.expires_at > clock_timestamp() AND c.canceled_at IS NULL AND NOT c.is_trial),
    'trials', (SELECT count(DISTINCT t.customer_id) FROM trial t WHERE t.tenant_id = ${of.tenantOf('top')} AND t.reseller_id = ANY (ARRAY(
        SELECT r.id FROM reseller r WHERE ${inBranch(of, 'r')}))
      AND t.started_at > clock_timestamp() - interval '24 hours')))
  FROM ${of.wanted(of.numbers(), { id: 'uuid' })}
  CROSS JOIN LATERAL (SELECT tenant_id, id, path FROM reseller WHERE tenant_id = ${of.tenantOf('wanted')} AND id = wanted.id AND limited OFFSET 0) AS top
)::text AS branches`;

/** Locks names, always in text order. Returns the positions of the names that it could not lock; with 'wait' there are none. */
const lockNames = (of: Shape, taken: string) =>
  of.anchored(`
SELECT array_agg(position) FILTER (WHERE NOT taken) AS missed FROM (
  SELECT position, ${taken} AS taken
  FROM (SELECT position, hashtextextended(name, 0) AS hash FROM unnest(${of.numbers().next()}::text[]) WITH ORDINALITY AS wanted (name, position) ORDER BY name) AS named
  OFFSET 0
) AS held`);
/**
 * Locks the tenants' rows, so that their trees cannot change. Creating and moving a panel lock the row in the same mode. With FOR SHARE
 * here, a move waited for ever: each new panel's creation shared the row with the ones before. Only 4 of 20 moves succeeded.
 */
const lockTenants = (of: Shape, locking: string) =>
  `SELECT array_agg(id) AS id FROM (SELECT id FROM tenant WHERE ${of.isListed(of.numbers(), 'id')} ORDER BY id ${locking}) AS held`;

/** All texts of the first round trip, for one shape. */
export interface LockTexts {
  readonly names: Readonly<Record<Exclude<LockMode, 'read'>, string>>;
  readonly tenants: Readonly<Record<Exclude<LockMode, 'read'>, string>>;
  readonly accounts: Readonly<Record<LockMode, string>>;
  readonly lookUp: string;
  readonly customers: string;
  readonly orders: string;
  readonly branches: string;
}

export function lockTexts(of: Shape): LockTexts {
  return {
    names: { wait: lockNames(of, 'pg_advisory_xact_lock(hash) IS NOT NULL'), skip: lockNames(of, 'pg_try_advisory_xact_lock(hash)') },
    tenants: { wait: lockTenants(of, 'FOR NO KEY UPDATE'), skip: lockTenants(of, 'FOR NO KEY UPDATE SKIP LOCKED') },
    accounts: {
      wait: lockAccounts(of, 'FOR NO KEY UPDATE'),
      skip: lockAccounts(of, 'FOR NO KEY UPDATE SKIP LOCKED'),
      read: lockAccounts(of, '').replace('pg_current_xact_id()', 'pg_current_xact_id_if_assigned()'),
    },
    lookUp: lookUp(of),
    customers: customers(of),
    orders: orders(of),
    branches: branches(of),
  };
}
