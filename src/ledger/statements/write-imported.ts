/** Writes the record of imported panels and customers (ADR-0099). */

import { type Accepted, at, column, type Part, part } from './part.ts';

/** Writes each imported panel and customer once, with its imported credits or time. */
export function imported(accepted: readonly Accepted[], nowMs: number): Part {
  return part(
    'imported',
    `new_imported AS (
      INSERT INTO imported (tenant_id, id, import_id, kind, source, external_id, login, transfer_id, credits, screens, later_spans, expires_at, standing, is_root, imported_at)
      SELECT tenant_id, id, import_id, kind, source, external_id, login, transfer_id, credits, screens, later_spans::jsonb, ${at('expires_ms')}, standing, is_root, ${at('ms')}
      FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('id', 'uuid'),
      column('import_id', 'uuid'),
      column('kind', 'text'),
      column('source', 'text'),
      column('external_id', 'text'),
      column('login', 'text'),
      column('transfer_id', 'uuid'),
      column('credits', 'bigint'),
      column('screens', 'smallint'),
      column('later_spans', 'text'),
      column('expires_ms', 'bigint'),
      column('standing', 'text'),
      column('is_root', 'boolean'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { command, posted } of accepted) {
        if (command.kind === 'importRoot') {
          const { amount, externalId, importId, login, rowId, source, tenantId } = command;
          const credits = [posted.transfer?.id ?? null, amount];
          row(tenantId, rowId, importId, 'RESELLER', source, externalId, login, ...credits, null, null, null, null, 't', nowMs);
        } else if (command.kind === 'importReseller' && posted.reseller) {
          const { amount, externalId, importId, login, resellerId, source, tenantId } = command;
          const credits = [posted.transfer?.id ?? null, amount];
          const atMs = posted.reseller.createdAtMs;
          row(tenantId, resellerId, importId, 'RESELLER', source, externalId, login, ...credits, null, null, null, null, 'f', atMs);
        } else if (command.kind === 'importCustomer' && posted.customer) {
          const { customerId, expiresAtMs, externalId, importId, laterSpans, screens, source, standing, tenantId } = command;
          const what = [tenantId, customerId, importId, 'CUSTOMER', source, externalId, null, null, 0];
          const spans = laterSpans.length === 0 ? null : JSON.stringify(laterSpans);
          row(...what, screens, spans, expiresAtMs, standing, 'f', posted.customer.createdAtMs);
        }
      }
    },
  );
}
