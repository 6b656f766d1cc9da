/** Exports the proof of an import, panel by panel, as rows. */

import { z } from 'zod';
import { readPages } from '../../db/read-pages.ts';
import type { Actor } from '../../kernel/actor.ts';
import { NotFound, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type Export, readParameters } from '../report/export.ts';
import { formFields } from '../report/export-form.ts';
import { readImport } from './import-row.ts';
import { importsOf } from './upload-import.ts';

const schema = z.strictObject({ ...formFields, import: z.string() });

const COLUMNS = ['panel', 'externalId', 'creditsInFile', 'creditsIssued', 'difference', 'customers', 'screens'];

/**
 * Exports each panel that a committed import created or gave customers to. It shows the balance in the file and the ISSUE in the
 * journal, whose difference is 0, and the imported customers and screens. `decode` returns the import that an id names.
 */
export async function exportProof(
  ports: Pick<Ports, 'sql' | 'reports'>,
  actor: Actor,
  parameters: URLSearchParams,
  decode: (id: string) => RowId | null,
): Promise<Export> {
  const { import: id, ...form } = readParameters(schema, parameters);
  const seen = importsOf(actor);
  const { panel, tenantId: own } = actor;
  if (panel !== null && (await isClosedByLock(ports.sql, { tenantId: own, id: panel.id })))
    throw new PanelLocked({ tenantId: own, id: panel.id });
  const named = decode(id);
  const found = named && (seen.tenantId === null || seen.tenantId === named.tenantId) ? await readImport(ports.sql, named) : null;
  if (found?.status !== 'COMMITTED') throw new NotFound();
  const { tenantId } = found;
  return {
    name: 'import-proof',
    columns: COLUMNS,
    form,
    read: (take) =>
      readPages(
        ports.reports,
        (tx) => tx`
          SELECT panel.name AS panel, made.external_id AS "externalId", coalesce(made.credits, 0) AS "creditsInFile",
            coalesce(issue.amount, 0) AS "creditsIssued", coalesce(made.credits, 0) - coalesce(issue.amount, 0) AS difference,
            coalesce(came.customers, 0) AS customers, coalesce(came.screens, 0) AS screens
          FROM (
            SELECT c.reseller_id, count(*) AS customers, sum(k.screens) AS screens
            FROM imported k JOIN customer c ON c.tenant_id = k.tenant_id AND c.id = k.id
            WHERE k.tenant_id = ${tenantId} AND k.import_id = ${found.id} AND k.kind = 'CUSTOMER' GROUP BY c.reseller_id
          ) AS came
          FULL JOIN (
            SELECT *, CASE WHEN is_root THEN tenant_id ELSE id END AS panel_id FROM imported
            WHERE tenant_id = ${tenantId} AND import_id = ${found.id} AND kind = 'RESELLER'
          ) AS made ON made.panel_id = came.reseller_id
          JOIN reseller panel ON panel.tenant_id = ${tenantId} AND panel.id = coalesce(made.panel_id, came.reseller_id)
          LEFT JOIN transfer issue ON issue.tenant_id = ${tenantId} AND issue.id = made.transfer_id AND issue.kind = 'ISSUE'
          ORDER BY panel.depth, panel.id`,
        take,
      ),
  };
}
