/** The query ledgerHealth. */

import { Forbidden } from '../../src/kernel/errors.ts';
import { type LedgerHealth as Health, ledgerHealth } from '../../src/ledger/health.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { reached, viewerOf } from '../core/scopes.ts';

const LedgerHealth = builder.objectRef<Health>('LedgerHealth').implement({
  description: 'Whether the journal is whole: issued = held + consumed + withdrawn, and every balance is the sum of its entries.',
  ...reached('ok', 'issued', 'held', 'consumed', 'withdrawn', 'entries', 'problems', 'checkedAt'),
  fields: (t) => ({
    ok: t.exposeBoolean('ok', { description: 'Whether no problem was found.' }),
    issued: t.expose('issued', { type: 'Credits', description: 'Credits that ever came in.' }),
    held: t.expose('held', { type: 'Credits', description: 'The sum of all balances.' }),
    consumed: t.expose('consumed', { type: 'Credits', description: 'Credits spent on customers, net of refunds.' }),
    withdrawn: t.expose('withdrawn', { type: 'Credits', description: 'Credits taken out after charged-back purchases.' }),
    entries: t.expose('entries', { type: 'Credits', description: 'How many changes the journal holds.' }),
    problems: t.exposeStringList('problems', { description: 'What is wrong, in words; empty when all is well.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'When this was so.', resolve: ({ checkedAtMs }) => new Date(checkedAtMs) }),
  }),
});

/** The platform asks about all tenants (null), the owner of a root panel about its own. */
function tenantAskedAbout(ctx: Context): string | null {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (role === 'PLATFORM') return null;
  if (role === 'OWNER' && panel?.depth === 0) return tenantId;
  throw new Forbidden('Only the platform and the owners of root panels may ask this.');
}

builder.queryField('ledgerHealth', (t) =>
  t.field({
    type: LedgerHealth,
    nullable: true,
    description: 'Platform and tenant owners: is the journal whole?',
    authScopes: { reads: ['PLATFORM', 'OWNER'], unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (_root, _args, ctx) => ledgerHealth(ctx.ports.sql, tenantAskedAbout(ctx), ctx.ports.topology),
  }),
);
