/** Checks that the journal is consistent. The platform checks all tenants, a tenant's owner its own. */
import type { Sql } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';
import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID } from '../kernel/actor.ts';

/** Reading a journal of ten million entries takes this long on slow disks. A longer check fails: it never reports a partial result. */
const AUDIT_TIMEOUT_MS = 120_000;

/** The most problems that one check reports. */
const PROBLEMS_PER_CHECK = 5;
/** The most problems reported for all tenants together, on a distributed database. */
const MOST_PROBLEMS = 100;

export interface LedgerHealth {
  readonly ok: boolean;
  /** Credits. issued = held + consumed + withdrawn (R6). */
  readonly issued: number;
  readonly held: number;
  readonly consumed: number;
  readonly withdrawn: number;
  /** The number of entries of all accounts. */
  readonly entries: number;
  /** Sentences for a person; empty when ok. */
  readonly problems: readonly string[];
  readonly checkedAtMs: number;
}

interface Check {
  readonly says: string;
  /** Selects the wrong rows; the column `what` names each. $1 is the tenant, or null for all. */
  readonly sql: string;
}

/** The conditions by which the checks select the rows of one tenant ($1) or of all. */
interface Whose {
  ofTenant(column: string): string;
  /** Also accepts a key of the platform, which is stored in the platform's tenant and not in that of its transfer. */
  readonly orPlatforms: string;
}

const OF_ONE_OR_ALL: Whose = {
  ofTenant: (column) => `($1::uuid IS NULL OR ${column} = $1::uuid)`,
  orPlatforms: ` OR k.tenant_id = '${PLATFORM_TENANT_ID}'`,
};
/** For a distributed database: one machine answers each check. New keys of the platform are stored with the tenant there. */
const OF_ONE: Whose = { ofTenant: (column) => `${column} = $1::uuid`, orPlatforms: '' };

const checksOf = ({ ofTenant, orPlatforms }: Whose): readonly Check[] => [
  {
    says: 'R6: issued is not held + consumed + withdrawn in tenant',
    sql: `SELECT tenant_id::text AS what FROM account WHERE ${ofTenant('tenant_id')}
      GROUP BY tenant_id HAVING sum(issued) <> sum(balance) + sum(consumed) + sum(withdrawn)`,
  },
  {
    says: 'R33: the entries do not add up to the balance and version of account',
    sql: `SELECT coalesce(a.id, e.account_id)::text AS what
      FROM (SELECT * FROM account WHERE ${ofTenant('tenant_id')}) AS a
      FULL JOIN (
        SELECT tenant_id, account_id, count(*) AS entries, max(version) AS version, sum(delta) AS balance
        FROM entry WHERE ${ofTenant('tenant_id')} GROUP BY tenant_id, account_id
      ) AS e ON e.tenant_id = a.tenant_id AND e.account_id = a.id
      WHERE a.id IS NULL OR (a.version, a.version, a.balance) IS DISTINCT FROM
        (coalesce(e.entries, 0), coalesce(e.version, 0), coalesce(e.balance, 0))`,
  },
  {
    says: 'R33: a balance does not follow from the entry before, or a time goes backwards, at account and version',
    sql: `SELECT account_id || ' ' || version AS what FROM (
        SELECT account_id, version, balance_after, delta, created_at, lag(balance_after, 1, 0::bigint) OVER w AS before, lag(created_at) OVER w AS earlier
        FROM entry WHERE ${ofTenant('tenant_id')} WINDOW w AS (PARTITION BY tenant_id, account_id ORDER BY version)
      ) AS chain WHERE balance_after <> before + delta OR created_at < earlier`,
  },
  {
    says: 'R32: the entries do not match transfer',
    sql: `SELECT coalesce(t.id, e.transfer_id)::text AS what
      FROM (
        SELECT tenant_id, id, from_id AS account_id, -amount AS delta, kind, created_at FROM transfer WHERE from_id IS NOT NULL AND ${ofTenant('tenant_id')}
        UNION ALL
        SELECT tenant_id, id, to_id, amount, kind, created_at FROM transfer WHERE to_id IS NOT NULL AND ${ofTenant('tenant_id')}
      ) AS t
      FULL JOIN (SELECT * FROM entry WHERE ${ofTenant('tenant_id')}) AS e
        ON e.tenant_id = t.tenant_id AND e.transfer_id = t.id AND e.account_id = t.account_id
      WHERE t.id IS NULL OR e.transfer_id IS NULL OR (t.delta, t.kind, t.created_at) <> (e.delta, e.kind, e.created_at)`,
  },
  {
    says: 'the totals do not match the journal in account',
    sql: `SELECT a.id::text AS what
      FROM (SELECT * FROM account WHERE ${ofTenant('tenant_id')}) AS a
      LEFT JOIN (
        SELECT tenant_id, coalesce(from_id, to_id) AS account_id,
          sum(amount) FILTER (WHERE from_id IS NULL AND kind IN ('ISSUE', 'PURCHASE')) AS issued,
          sum(CASE WHEN kind IN ('REFUND', 'UNDO') THEN -amount ELSE amount END) FILTER (WHERE kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO')) AS consumed,
          coalesce(sum(amount) FILTER (WHERE kind = 'CHARGEBACK'), 0) - coalesce(sum(amount) FILTER (WHERE kind = 'REVERSAL'), 0) AS withdrawn
        FROM transfer WHERE ${ofTenant('tenant_id')} AND (from_id IS NULL OR to_id IS NULL) GROUP BY 1, 2
      ) AS t ON t.tenant_id = a.tenant_id AND t.account_id = a.id
      WHERE (a.issued, a.consumed, a.withdrawn) IS DISTINCT FROM (coalesce(t.issued, 0), coalesce(t.consumed, 0), coalesce(t.withdrawn, 0))`,
  },
  {
    says: 'R31: an idempotency key names a missing transfer:',
    sql: `SELECT k.transfer_id::text AS what FROM command_key k
      WHERE k.transfer_id IS NOT NULL AND ${ofTenant('k.tenant_id')} AND NOT EXISTS (
        SELECT FROM transfer t WHERE t.id = k.transfer_id AND (t.tenant_id = k.tenant_id${orPlatforms}))`,
  },
  {
    says: 'R31: no idempotency key names transfer',
    sql: `SELECT t.id::text AS what FROM transfer t
      WHERE t.kind NOT IN ('PURCHASE', 'CHARGEBACK', 'REVERSAL') AND ${ofTenant('t.tenant_id')} AND NOT EXISTS (
        SELECT FROM command_key k WHERE k.transfer_id = t.id AND (${ofTenant('k.tenant_id')}${orPlatforms}))
        AND NOT EXISTS (SELECT FROM customer_payment p WHERE p.tenant_id = t.tenant_id AND p.id = t.id)`,
  },
  {
    says: 'R3: the spends in the journal do not match the credits spent on customer',
    sql: `SELECT coalesce(c.id::text, t.customer_id::text, t.of) AS what
      FROM (SELECT * FROM customer WHERE ${ofTenant('tenant_id')}) AS c
      FULL JOIN (
        SELECT tenant_id, customer_id, min(id::text) AS of, sum(CASE WHEN kind IN ('REFUND', 'UNDO') THEN -amount ELSE amount END) AS spent
        FROM transfer WHERE ${ofTenant('tenant_id')} AND (customer_id IS NOT NULL OR kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO'))
        GROUP BY tenant_id, customer_id
      ) AS t ON t.tenant_id = c.tenant_id AND t.customer_id = c.id
      WHERE c.id IS NULL OR c.credits_spent <> coalesce(t.spent, 0)`,
  },
  {
    says: 'R45: an undo does not match its spend: transfer',
    sql: `SELECT coalesce(u.undo_id, t.id)::text AS what
      FROM (SELECT * FROM undone_spending WHERE ${ofTenant('tenant_id')}) AS u
      FULL JOIN (SELECT * FROM transfer WHERE ${ofTenant('tenant_id')} AND kind = 'UNDO') AS t ON t.tenant_id = u.tenant_id AND t.id = u.undo_id
      LEFT JOIN transfer s ON s.tenant_id = u.tenant_id AND s.id = u.spending_id AND s.kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS')
      WHERE u.undo_id IS NULL OR t.id IS NULL OR s.id IS NULL
        OR (t.to_id, t.amount, t.customer_id, t.created_at) IS DISTINCT FROM (s.from_id, s.amount, s.customer_id, u.undone_at)
        OR u.reseller_id <> s.from_id`,
  },
  {
    says: 'R45: the last spend is not of this customer, or was undone: customer',
    sql: `SELECT c.id::text AS what
      FROM customer c
      LEFT JOIN transfer s ON s.tenant_id = c.tenant_id AND s.id = c.last_spending_id AND s.customer_id = c.id AND s.kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS')
      LEFT JOIN undone_spending u ON u.tenant_id = c.tenant_id AND u.spending_id = c.last_spending_id
      WHERE ${ofTenant('c.tenant_id')} AND c.last_spending_id IS NOT NULL AND (s.id IS NULL OR u.undo_id IS NOT NULL)`,
  },
  {
    says: 'R46: has_access does not match whether there is a login: customer',
    sql: `SELECT coalesce(c.id, a.customer_id)::text AS what
      FROM (SELECT * FROM customer WHERE ${ofTenant('tenant_id')}) AS c
      FULL JOIN (SELECT tenant_id, customer_id FROM customer_access WHERE ${ofTenant('tenant_id')}) AS a ON a.tenant_id = c.tenant_id AND a.customer_id = c.id
      WHERE c.id IS NULL OR c.has_access <> (a.customer_id IS NOT NULL)`,
  },
  {
    says: 'R55: an imported object is missing, got other credits, or has more service than imported without a spend:',
    sql: `SELECT coalesce(k.id, t.to_id)::text AS what
      FROM (SELECT * FROM imported WHERE ${ofTenant('tenant_id')}) AS k
      LEFT JOIN reseller r ON r.tenant_id = k.tenant_id AND r.id = CASE WHEN k.is_root THEN k.tenant_id ELSE k.id END
      LEFT JOIN customer c ON c.tenant_id = k.tenant_id AND c.id = k.id
      LEFT JOIN transfer t ON t.tenant_id = k.tenant_id AND t.id = k.transfer_id AND t.kind = 'ISSUE' AND t.to_id = r.id AND t.amount = k.credits
      WHERE (k.kind = 'RESELLER' AND r.id IS NULL) OR (k.kind = 'CUSTOMER' AND c.id IS NULL) OR (k.transfer_id IS NOT NULL AND t.id IS NULL)
        OR (c.id IS NOT NULL AND NOT EXISTS (SELECT FROM transfer s WHERE s.tenant_id = c.tenant_id AND s.customer_id = c.id) AND (c.expires_at > k.expires_at OR (c.later_spans IS NOT NULL AND k.later_spans IS NULL)
          OR c.screens > greatest(k.screens, (SELECT max((span ->> 'screens')::integer) FROM jsonb_array_elements(k.later_spans) AS span))))`,
  },
  {
    // Allows one period too much: clocks may be set back, and credits for screens bring no days. The tests of R23 are exact.
    says: 'R23: the service lasts longer than the credits spent and the imported time allow: customer',
    sql: `SELECT c.id::text AS what
      FROM customer c LEFT JOIN imported k ON k.tenant_id = c.tenant_id AND k.id = c.id
      WHERE ${ofTenant('c.tenant_id')} AND NOT c.is_trial
        AND c.expires_at > greatest(c.created_at, k.expires_at, clock_timestamp()) + (c.credits_spent + 1) * interval '720 hours'`,
  },
  {
    says: 'R28: the posted credits do not match purchase',
    sql: `SELECT coalesce(p.id, t.purchase_id, t.id)::text AS what
      FROM (SELECT * FROM purchase WHERE ${ofTenant('tenant_id')} AND status IN ('PAID', 'CHARGED_BACK')) AS p
      FULL JOIN (SELECT * FROM transfer WHERE ${ofTenant('tenant_id')} AND kind = 'PURCHASE') AS t
        ON t.tenant_id = p.tenant_id AND t.id = p.transfer_id AND t.purchase_id = p.id
      WHERE p.id IS NULL OR t.id IS NULL OR t.from_id IS DISTINCT FROM nullif(coalesce(p.delivered_by, p.seller_id), '${PLATFORM_TENANT_ID}') OR (t.to_id, t.amount) IS DISTINCT FROM (p.buyer_id, p.quantity)`,
  },
  {
    says: 'R54: the renewal does not match payment',
    sql: `SELECT p.id::text AS what
      FROM customer_payment p
      LEFT JOIN transfer t ON t.tenant_id = p.tenant_id AND t.id = p.id
      WHERE ${ofTenant('p.tenant_id')} AND ((p.transfer_id IS NOT NULL) IS DISTINCT FROM (t.id IS NOT NULL)
        OR (t.id IS NOT NULL AND (t.kind NOT IN ('ACTIVATION', 'RENEWAL') OR (t.from_id, t.customer_id, t.amount, t.created_at)
          IS DISTINCT FROM (p.reseller_id, p.customer_id, p.periods * p.screens::bigint, p.applied_at))))`,
  },
  {
    says: 'R54: one confirmation settled several payments:',
    sql: `SELECT settlement_id::text AS what FROM customer_payment
      WHERE ${ofTenant('tenant_id')} AND settlement_id IS NOT NULL GROUP BY settlement_id HAVING count(*) > 1`,
  },
  {
    says: "R54: one provider's payment settled several payments:",
    sql: `SELECT min(id::text) AS what FROM customer_payment
      WHERE ${ofTenant('tenant_id')} AND paid_by = '${PROVIDER_ACTOR_ID}' AND account_id IS NOT NULL GROUP BY account_id, reference HAVING count(*) > 1`,
  },
  {
    says: 'R54: the status REFUNDED does not match whether the money went back: payment',
    sql: `SELECT id::text AS what FROM customer_payment
      WHERE ${ofTenant('tenant_id')} AND (payment_turn % 2 = 1) IS DISTINCT FROM (status = 'REFUNDED')`,
  },
  {
    says: 'R54: the customer belongs to another panel than its payment:',
    sql: `SELECT p.id::text AS what FROM customer_payment p
      LEFT JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id AND c.reseller_id = p.reseller_id
      WHERE ${ofTenant('p.tenant_id')} AND p.status IN ('PENDING', 'EXPIRED', 'PAID_UNFUNDED') AND c.id IS NULL`,
  },
  {
    // Allows five minutes: the ledger does not notice the end of a suspension itself, but a sweep applies the payment soon after.
    says: 'R54: the panel could renew by it, but did not apply payment',
    sql: `SELECT p.id::text AS what
      FROM customer_payment p
      JOIN account a ON a.tenant_id = p.tenant_id AND a.id = p.reseller_id
      JOIN reseller r ON r.tenant_id = p.tenant_id AND r.id = p.reseller_id
      JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id AND c.reseller_id = p.reseller_id
      WHERE ${ofTenant('p.tenant_id')} AND p.status = 'PAID_UNFUNDED' AND r.closed_at IS NULL
        AND greatest(p.paid_at, a.changed_at) < clock_timestamp() - interval '5 minutes'
        AND a.balance - p.periods * p.screens >= CASE WHEN r.keep_reserve THEN a.reserve_threshold ELSE 0 END
        AND (c.is_trial OR greatest(c.expires_at, clock_timestamp()) + p.periods * interval '720 hours' <= clock_timestamp() + 36 * interval '720 hours')
        AND NOT EXISTS (SELECT FROM reseller s WHERE s.tenant_id = r.tenant_id AND s.path <= r.path AND starts_with(r.path, s.path)
          AND (s.suspended_at IS NOT NULL OR s.limited))`,
  },
  {
    says: 'R29: the debt does not match the claims, or the balance, suspension or closing does not match the debt, in account',
    sql: `SELECT a.id::text AS what
      FROM (SELECT * FROM account WHERE ${ofTenant('tenant_id')}) AS a
      LEFT JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id
      LEFT JOIN (
        SELECT tenant_id, debtor_id, sum(owed) AS owed FROM claim WHERE ${ofTenant('tenant_id')} GROUP BY 1, 2
      ) AS c ON c.tenant_id = a.tenant_id AND c.debtor_id = a.id
      WHERE a.debt <> coalesce(c.owed, 0) OR (a.debt > 0 AND (a.balance > 0 OR (r.closed_at IS NOT NULL AND r.parent_id IS NOT NULL)))
        OR (r.in_debt, r.in_debt AND r.suspended_at IS NULL) IS DISTINCT FROM (a.debt > 0, false)`,
  },
  {
    says: 'R29: the charged-back credits do not match the claims, or a closed panel is the creditor, of purchase',
    sql: `SELECT coalesce(p.id, c.purchase_id)::text AS what
      FROM (SELECT * FROM purchase WHERE ${ofTenant('tenant_id')} AND (charged_back > 0 OR status = 'CHARGED_BACK')) AS p
      FULL JOIN (
        SELECT c.tenant_id, c.purchase_id, coalesce(sum(c.quantity) FILTER (WHERE c.reverses IS NULL AND c.reversed_at IS NULL), 0) AS quantity,
          bool_or(c.owed > 0 AND r.closed_at IS NOT NULL AND r.parent_id IS NOT NULL) AS lost
        FROM claim c LEFT JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.creditor_id WHERE ${ofTenant('c.tenant_id')} GROUP BY 1, 2
      ) AS c ON c.tenant_id = p.tenant_id AND c.purchase_id = p.id
      WHERE coalesce(p.charged_back, 0) <> coalesce(c.quantity, 0) OR c.lost
        OR (p.status = 'CHARGED_BACK') IS DISTINCT FROM (p.charged_back = p.quantity)`,
  },
  {
    says: 'R29: the credits moved for claims do not match the journal in tenant',
    sql: `SELECT coalesce(c.tenant_id, t.tenant_id)::text AS what
      FROM (
        SELECT tenant_id, reverses IS NULL AS is_charge, sum(quantity - owed - set_off) AS taken FROM claim WHERE ${ofTenant('tenant_id')} GROUP BY 1, 2
      ) AS c
      FULL JOIN (
        SELECT tenant_id, kind = 'CHARGEBACK' AS is_charge, sum(amount) AS moved FROM transfer
        WHERE ${ofTenant('tenant_id')} AND kind IN ('CHARGEBACK', 'REVERSAL') GROUP BY 1, 2
      ) AS t ON t.tenant_id = c.tenant_id AND t.is_charge = c.is_charge
      WHERE coalesce(c.taken, 0) <> coalesce(t.moved, 0)`,
  },
];

const sumsOf = ({ ofTenant }: Whose) => `
  SELECT coalesce(sum(issued), 0)::bigint AS issued, coalesce(sum(balance), 0)::bigint AS held, coalesce(sum(consumed), 0)::bigint AS consumed,
    coalesce(sum(withdrawn), 0)::bigint AS withdrawn, coalesce(sum(version), 0)::bigint AS entries,
    (extract(epoch FROM date_trunc('milliseconds', clock_timestamp())) * 1000)::bigint AS "checkedAtMs"
  FROM account WHERE ${ofTenant('tenant_id')}`;

/**
 * Sums and checks everything in one snapshot, while posting continues. With `tenantId` null it covers every tenant; a distributed
 * database checks them one after the other, each in its own snapshot. The sums come from the accounts. The checks compare them with
 * the journal, and replace its missing foreign keys (ADR-0011).
 */
export async function ledgerHealth(sql: Sql, tenantId: string | null, topology: Topology = 'single'): Promise<LedgerHealth> {
  if (topology === 'single') return healthOf(sql, tenantId, OF_ONE_OR_ALL);
  if (tenantId !== null) return healthOf(sql, tenantId, OF_ONE);
  const tenants = await sql<{ id: string }[]>`SELECT id FROM tenant ORDER BY id`;
  let all: LedgerHealth = { ok: true, issued: 0, held: 0, consumed: 0, withdrawn: 0, entries: 0, problems: [], checkedAtMs: 0 };
  for (const { id } of tenants) all = together(all, await healthOf(sql, id, OF_ONE));
  return all;
}

function together(all: LedgerHealth, one: LedgerHealth): LedgerHealth {
  return {
    ok: all.ok && one.ok,
    issued: all.issued + one.issued,
    held: all.held + one.held,
    consumed: all.consumed + one.consumed,
    withdrawn: all.withdrawn + one.withdrawn,
    entries: all.entries + one.entries,
    problems: [...all.problems, ...one.problems].slice(0, MOST_PROBLEMS),
    checkedAtMs: one.checkedAtMs,
  };
}

async function healthOf(sql: Sql, tenantId: string | null, whose: Whose): Promise<LedgerHealth> {
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    await tx.unsafe(`SET LOCAL statement_timeout = ${AUDIT_TIMEOUT_MS}`);
    const [sums] = await tx.unsafe<Sums[]>(sumsOf(whose), [tenantId]);
    if (!sums) throw new Error('an aggregate query returned no row');
    const problems: string[] = [];
    for (const check of checksOf(whose)) {
      const rows = await tx.unsafe<{ what: string }[]>(`${check.sql} LIMIT ${PROBLEMS_PER_CHECK}`, [tenantId]);
      problems.push(...rows.map((row) => `${check.says} ${row.what}`));
    }
    return { ...sums, ok: problems.length === 0, problems };
  });
}

type Sums = Pick<LedgerHealth, 'issued' | 'held' | 'consumed' | 'withdrawn' | 'entries' | 'checkedAtMs'>;
