/** Computes the totals of an import: from its rows in the file, and from the rows that exist in the database. */

import type { Transaction } from '../../db/sql.ts';
import { PERIOD_MS } from '../../ledger/rules/spans.ts';
import type { RowId } from '../input.ts';
import { type ImportTotals, NO_TOTALS } from './import-row.ts';

const DAY_SECONDS = 86_400;
const PERIOD_SECONDS = PERIOD_MS / 1_000;

const leftUntil = (end: string) => `extract(epoch FROM greatest(${end}, as_of) - as_of)`;

/** Screens × remaining time: the last span's screens until the end, plus for each earlier span its difference from the next one. */
const SCREEN_SECONDS = `CASE WHEN later_spans IS NULL THEN screens * ${leftUntil('expires_at')} ELSE (
    SELECT (array_agg(span.screens ORDER BY span.number DESC))[1] * ${leftUntil('expires_at')}
      + sum((span.before - span.screens) * ${leftUntil(`(expires_at - span.left * interval '${PERIOD_SECONDS} seconds')`)})
    FROM (
      SELECT number, (one ->> 'screens')::integer AS screens, lag((one ->> 'screens')::integer, 1, made.screens::integer) OVER (ORDER BY number) AS before,
        sum((one ->> 'periods')::integer) OVER (ORDER BY number DESC) AS left
      FROM jsonb_array_elements(later_spans) WITH ORDINALITY AS all_spans (one, number)
    ) AS span) END`;

/** Sums rows `made` with the columns `kind, is_root, credits, screens, later_spans, expires_at, standing`, as of the moment `as_of`. */
const SUMS = `
  count(*) FILTER (WHERE kind = 'RESELLER' AND NOT is_root)::integer AS resellers, coalesce(sum(credits), 0)::bigint AS credits,
  count(*) FILTER (WHERE kind = 'CUSTOMER')::integer AS customers,
  count(*) FILTER (WHERE kind = 'CUSTOMER' AND expires_at > as_of AND standing = 'PAID')::integer AS "activeCustomers",
  count(*) FILTER (WHERE kind = 'CUSTOMER' AND expires_at > as_of AND standing = 'TRIAL')::integer AS "trialCustomers",
  count(*) FILTER (WHERE kind = 'CUSTOMER' AND expires_at > as_of AND standing = 'CANCELED')::integer AS "canceledCustomers",
  count(*) FILTER (WHERE kind = 'CUSTOMER' AND expires_at <= as_of)::integer AS "expiredCustomers",
  coalesce(sum(screens), 0)::integer AS screens,
  floor(coalesce(sum(${SCREEN_SECONDS}), 0) / ${DAY_SECONDS})::bigint AS "screenDays"`;

/** The totals of the file's rows in one state. */
export async function totalsOf(tx: Transaction, { id, tenantId }: RowId, state: 'VALID' | 'DONE'): Promise<ImportTotals> {
  const [totals] = await tx.unsafe<ImportTotals[]>(
    `SELECT ${SUMS} FROM import_row made JOIN import i ON i.tenant_id = made.tenant_id AND i.id = made.import_id
     WHERE made.tenant_id = $1 AND made.import_id = $2 AND made.state = $3`,
    [tenantId, id, state],
  );
  return totals ?? NO_TOTALS;
}

/** The totals of what this import created, as its commits recorded it, counting only rows that exist in the database. */
export async function proofOf(tx: Transaction, { id, tenantId }: RowId): Promise<ImportTotals> {
  const [totals] = await tx.unsafe<ImportTotals[]>(
    `SELECT ${SUMS} FROM (
       SELECT k.kind, k.is_root, t.amount AS credits, k.screens, k.later_spans, k.expires_at, k.standing
       FROM imported k
       LEFT JOIN reseller p ON p.tenant_id = k.tenant_id AND p.id = CASE WHEN k.is_root THEN k.tenant_id ELSE k.id END
       LEFT JOIN customer c ON c.tenant_id = k.tenant_id AND c.id = k.id
       LEFT JOIN transfer t ON t.tenant_id = k.tenant_id AND t.id = k.transfer_id AND t.kind = 'ISSUE' AND t.to_id = p.id
       WHERE k.tenant_id = $1 AND k.import_id = $2 AND coalesce(p.id, c.id) IS NOT NULL
     ) AS made CROSS JOIN (SELECT as_of FROM import WHERE tenant_id = $1 AND id = $2) AS i`,
    [tenantId, id],
  );
  return totals ?? NO_TOTALS;
}
