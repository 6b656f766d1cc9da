/** Exports a panel's customers as rows. */

import { z } from 'zod';
import { textArray } from '../../db/arrays/literal.ts';
import { readPages } from '../../db/read-pages.ts';
import type { Actor } from '../../kernel/actor.ts';
import { Forbidden, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import { laterScreens, type PaidRow, screensAtMoment, screensChange } from '../customer/paid-screens.ts';
import { searchedTexts } from '../customer/search-key.ts';
import type { Ports } from '../ports.ts';
import { type Export, readParameters, timeSchema } from './export.ts';
import { formFields } from './export-form.ts';

const MAX_SEARCH_CHARACTERS = 100;

const schema = z.strictObject({
  search: z
    .string()
    .max(MAX_SEARCH_CHARACTERS, `must have at most ${MAX_SEARCH_CHARACTERS} characters.`)
    .refine((text) => !text.includes('\0'), 'must not contain the character U+0000.')
    .optional(),
  status: z.union([z.literal('').transform(() => null), z.enum(['TRIAL', 'ACTIVE', 'EXPIRED', 'CANCELED'])], 'is not a status.').nullish(),
  paidTerm: z.literal('true', 'must be true or absent.').optional(),
  expiringFrom: timeSchema,
  expiringBefore: timeSchema,
  ...formFields,
});

const COLUMNS = [
  'name',
  'contact',
  'status',
  'screens',
  'nextScreens',
  'screensChangeAt',
  'expiresAt',
  'creditsSpent',
  'createdAt',
  'notes',
  'laterScreens',
];

interface Row extends PaidRow, Readonly<Record<string, unknown>> {
  readonly now: Date;
}

/** Adds the present number of screens, and when it changes (R22). */
function shown(row: Row) {
  const { now } = row;
  return { ...row, screens: screensAtMoment(row, now), screensChangeAt: screensChange(row, now), laterScreens: laterScreens(row, now) };
}

/**
 * Exports the customers of the viewer's own panel (R18), in the order of their creation. With `expiringBefore` they are sorted by the
 * end of their service. Not open to a locked panel.
 */
export async function exportCustomers(ports: Pick<Ports, 'sql' | 'reports'>, actor: Actor, parameters: URLSearchParams): Promise<Export> {
  const { panel, tenantId } = actor;
  if (panel === null) throw new Forbidden("Only a panel's own users see its customers.");
  const { expiringBefore, expiringFrom, paidTerm, search, status, ...form } = readParameters(schema, parameters);
  if (await isClosedByLock(ports.sql, { tenantId, id: panel.id })) throw new PanelLocked({ tenantId, id: panel.id });
  const texts = searchedTexts(search ?? '').map((text) => `%${text.replace(/[\\%_]/g, '\\$&')}%`);
  const patterns = texts.length === 0 ? ['%'] : texts;
  return {
    name: 'customers',
    columns: COLUMNS,
    form,
    read: (take) =>
      readPages<Row>(
        ports.reports,
        (tx) => tx`
          SELECT now, name, contact, status, screens, later_spans AS "laterSpans", next_screens AS "nextScreens", expires_at AS "expiresAt",
            credits_spent AS "creditsSpent", created_at AS "createdAt", notes
          FROM (SELECT clock_timestamp() AS now OFFSET 0) AS moment
          CROSS JOIN customer CROSS JOIN LATERAL (
            SELECT CASE WHEN expires_at <= now THEN 'EXPIRED' WHEN canceled_at IS NOT NULL THEN 'CANCELED' WHEN is_trial THEN 'TRIAL'
              ELSE 'ACTIVE' END AS status
          ) AS derived
          WHERE tenant_id = ${tenantId} AND reseller_id = ${panel.id} AND search_key LIKE ANY (${textArray(patterns)}::text[])
            AND (${status ?? null}::text IS NULL OR status = ${status ?? null}::text)
            ${paidTerm ? tx`AND NOT is_trial AND canceled_at IS NULL` : tx``}
            ${expiringFrom ? tx`AND expires_at >= ${expiringFrom}` : tx``}
            ${expiringBefore ? tx`AND expires_at < ${expiringBefore} ORDER BY expires_at, id` : tx`ORDER BY id`}`,
        (rows) => take(rows.map(shown)),
      ),
  };
}
