/** Reads the limits that apply to a panel: its own, and those of each panel above it (R56). */

import type { Transaction } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';
import type { BranchCounts, LimitedPanel } from '../../kernel/limits.ts';

export interface LimitedPlace extends LimitedPanel {
  readonly path: string;
}

/** Returns the limited panels from the root down to the panel itself. Usually there are none, and the index has no row to read. */
export async function limitsOnPath(tx: Transaction, tenantId: string, panelId: string): Promise<readonly LimitedPlace[]> {
  return await tx<LimitedPlace[]>`
    SELECT l.id, l.path, l.may_create_resellers AS "mayCreateResellers", l.max_resellers AS "maxResellers", l.max_customers AS "maxCustomers",
      l.max_trials_per_day AS "maxTrialsPerDay", l.max_screens_per_customer AS "maxScreensPerCustomer"
    FROM reseller r JOIN reseller l ON l.tenant_id = r.tenant_id AND l.limited AND l.path <= r.path AND starts_with(r.path, l.path)
    WHERE r.tenant_id = ${tenantId} AND r.id = ${panelId}
    ORDER BY l.path`;
}

/**
 * The counts of a branch that limits apply to. `panels` counts open panels, the branch's root included. `screens` is the most
 * screens of any ACTIVE customer: now, in a later span or at its next renewal.
 */
export interface BranchLoad extends Omit<BranchCounts, 'resellers'> {
  readonly panels: number;
  readonly screens: number;
}

/** Counts a branch that cannot change meanwhile: the caller has locked its accounts, or nobody in it may add to it. */
export async function branchLoad(tx: Transaction, tenantId: string, path: string): Promise<BranchLoad> {
  const [load] = await tx<BranchLoad[]>`
    WITH branch AS MATERIALIZED (
      SELECT id, closed_at FROM reseller WHERE tenant_id = ${tenantId} AND path >= ${path} AND path < ${branchEnd(path)}
    ), active AS MATERIALIZED (
      SELECT greatest(screens, next_screens, (SELECT max((span ->> 'screens')::integer) FROM jsonb_array_elements(later_spans) AS span)) AS screens
      FROM customer WHERE tenant_id = ${tenantId} AND reseller_id IN (SELECT id FROM branch)
        AND expires_at > clock_timestamp() AND canceled_at IS NULL AND NOT is_trial
    )
    SELECT (SELECT count(*) FROM branch WHERE closed_at IS NULL)::integer AS panels,
      (SELECT count(*) FROM active)::integer AS customers, coalesce((SELECT max(screens) FROM active), 0)::integer AS screens,
      (SELECT count(DISTINCT customer_id) FROM trial WHERE tenant_id = ${tenantId} AND reseller_id IN (SELECT id FROM branch)
        AND started_at > clock_timestamp() - interval '24 hours')::integer AS trials`;
  if (!load) throw new Error('a count returned no row');
  return load;
}
