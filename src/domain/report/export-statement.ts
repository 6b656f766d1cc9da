/** Exports a panel's statement as rows. */

import { z } from 'zod';
import { plainArray } from '../../db/arrays/literal.ts';
import { readPages } from '../../db/read-pages.ts';
import { type Actor, branchEnd, PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { TransferKind } from '../../kernel/journal.ts';
import { versionsBetween } from '../account/versions-between.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type Export, readParameters, timeSchema } from './export.ts';
import { formFields } from './export-form.ts';
import { requestedPanel } from './requested-panel.ts';

const KINDS: readonly TransferKind[] = [
  ...(['ISSUE', 'PURCHASE', 'GRANT', 'TRANSFER', 'RECLAIM', 'SWEEP'] as const),
  ...(['ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'CHARGEBACK', 'REVERSAL', 'UNDO'] as const),
];

const schema = z.strictObject({
  ...formFields,
  reseller: z.string().optional(),
  from: timeSchema,
  to: timeSchema,
  kinds: z
    .string()
    .optional()
    .transform((text, context) => {
      const names = text ? text.split(',') : [];
      const kinds = KINDS.filter((kind) => names.includes(kind));
      if (kinds.length < new Set(names).size)
        context.addIssue({ code: 'custom', message: 'must be kinds of transfers, separated by commas.' });
      return kinds.length === 0 ? null : kinds;
    }),
});

const COLUMNS = ['time', 'version', 'kind', 'credits', 'balance', 'counterparty', 'name', 'memo', 'actor', 'undoneAt'];

/** Bounds that contain all paths: labels consist of digits and lower-case letters. */
const EVERYWHERE = { path: '', end: '~' };

/**
 * Exports the statement of a panel of the viewer's branch, newest first. It names only panels and users of that branch, and only
 * customers of the viewer's own panel (R18). `decode` returns the panel that an id names. Not open to a locked panel.
 */
export async function exportStatement(
  ports: Pick<Ports, 'sql' | 'topology' | 'reports'>,
  actor: Actor,
  parameters: URLSearchParams,
  decode: (id: string) => RowId | null,
): Promise<Export> {
  const { from, kinds, reseller, to, ...form } = readParameters(schema, parameters);
  const { panel } = actor;
  const place = await requestedPanel(ports, actor, reseller, decode);
  const { id, tenantId } = place;
  const { above, upTo } = await versionsBetween(ports.reports, place, { fromMs: from?.getTime() ?? null, toMs: to?.getTime() ?? null });
  const seen = panel === null ? EVERYWHERE : { path: panel.path, end: branchEnd(panel.path) };
  return {
    name: 'statement',
    columns: COLUMNS,
    form,
    read: (take) =>
      readPages(
        ports.reports,
        (tx) => tx`
          WITH platform AS MATERIALIZED (SELECT id, email FROM app_user WHERE tenant_id = ${PLATFORM_TENANT_ID}::uuid AND ${panel === null}::boolean)
          SELECT entry.created_at AS time, entry.version, entry.kind, entry.delta AS credits, entry.balance_after AS balance,
            CASE
              WHEN transfer.from_id IS NULL OR transfer.to_id IS NULL THEN
                CASE WHEN entry.kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO') THEN 'CUSTOMER' ELSE 'PLATFORM' END
              WHEN sale.buyer_id = entry.account_id AND sale.seller_id IN (transfer.from_id, transfer.to_id) THEN 'PARENT'
              WHEN sale.seller_id = entry.account_id AND sale.buyer_id IN (transfer.from_id, transfer.to_id) THEN 'CHILD'
              WHEN sale.id IS NOT NULL THEN NULL
              WHEN entry.account_id = CASE WHEN entry.kind IN ('RECLAIM', 'SWEEP') THEN transfer.from_id ELSE transfer.to_id END THEN 'PARENT'
              ELSE 'CHILD'
            END AS counterparty,
            coalesce(other.name, customer.name) AS name, transfer.memo, coalesce(who.email, platform.email) AS actor,
            undone.undone_at AS "undoneAt"
          FROM entry
          JOIN transfer ON transfer.tenant_id = ${tenantId} AND transfer.id = entry.transfer_id
          LEFT JOIN undone_spending AS undone ON undone.tenant_id = ${tenantId} AND undone.spending_id = entry.transfer_id
          LEFT JOIN reseller AS other ON other.tenant_id = ${tenantId}
            AND other.id = CASE WHEN entry.delta > 0 THEN transfer.from_id ELSE transfer.to_id END
            AND other.path >= ${seen.path} AND other.path < ${seen.end}
          LEFT JOIN purchase AS sale ON sale.tenant_id = ${tenantId} AND sale.id = transfer.purchase_id
          LEFT JOIN customer ON customer.tenant_id = ${tenantId} AND customer.id = transfer.customer_id
            AND (customer.reseller_id = ${panel?.id ?? null}::uuid OR ${panel === null}::boolean)
          LEFT JOIN (
            app_user AS who LEFT JOIN reseller AS home ON home.tenant_id = ${tenantId} AND home.id = who.reseller_id
          ) ON who.id = transfer.actor_id AND who.tenant_id = ${tenantId}
            AND (home.path >= ${seen.path} AND home.path < ${seen.end} OR ${panel === null}::boolean)
          LEFT JOIN platform ON platform.id = transfer.actor_id
          WHERE entry.tenant_id = ${tenantId} AND entry.account_id = ${id} AND entry.version > ${above ?? 0}
            AND entry.version <= ${upTo ?? Number.MAX_SAFE_INTEGER}
            AND (${kinds === null}::boolean OR entry.kind = ANY (${plainArray(kinds ?? [])}::transfer_kind[]))
          ORDER BY entry.version DESC`,
        take,
      ),
  };
}
