/** The query ledgerHealth. */

import { Forbidden } from '../../src/kernel/errors.ts';
import { type LedgerHealth as Health, ledgerHealth } from '../../src/ledger/health.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { reached, viewerOf } from '../core/scopes.ts';

const LedgerHealth = builder.objectRef<Health>('LedgerHealth').implement({
  description:
    'The result of a check of the journal: issued = held + consumed + withdrawn (R6), and every balance is the sum of its entries (R33).',
  ...reached('ok', 'issued', 'held', 'consumed', 'withdrawn', 'entries', 'problems', 'checkedAt'),
  fields: (t) => ({
    ok: t.exposeBoolean('ok', { description: 'True if no problem was found.' }),
    issued: t.expose('issued', { type: 'Credits', description: 'All credits that were ever issued.' }),
    held: t.expose('held', { type: 'Credits', description: 'The sum of all balances.' }),
    consumed: t.expose('consumed', { type: 'Credits', description: 'Credits spent on customers, less refunds and undone spends.' }),
    withdrawn: t.expose('withdrawn', { type: 'Credits', description: 'Credits withdrawn after charge-backs.' }),
    entries: t.expose('entries', { type: 'Credits', description: 'The number of entries in the journal.' }),
    problems: t.exposeStringList('problems', { description: 'A sentence for each problem. Empty if `ok` is true.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'The time of the check.', resolve: ({ checkedAtMs }) => new Date(checkedAtMs) }),
  }),
});

/** The tenant to check: null (all tenants) for the platform, its own tenant for the owner of a root panel. */
function tenantToCheck(ctx: Context): string | null {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (role === 'PLATFORM') return null;
  if (role === 'OWNER' && panel?.depth === 0) return tenantId;
  throw new Forbidden('Only the platform and the owners of root panels may check the journal.');
}

builder.queryField('ledgerHealth', (t) =>
  t.field({
    type: LedgerHealth,
    nullable: true,
    description:
      'Checks the journal: of all tenants for the platform, of their own tenant for OWNERs of a root panel. Other callers: FORBIDDEN.',
    authScopes: { reads: ['PLATFORM', 'OWNER'], unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (_root, _args, ctx) => ledgerHealth(ctx.ports.sql, tenantToCheck(ctx), ctx.ports.topology),
  }),
);
