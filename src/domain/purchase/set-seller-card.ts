/** The use case setSellerCard: a seller publishes how its buyers contact and pay it (R37). */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { nameSchema, requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { optional, prose } from '../text.ts';
import { SELLER_ROLES } from './payment-accounts.ts';
import { pixKeySchema } from './provider-input.ts';
import { asSeller } from './seller.ts';
import { cardOf, type SellerCard } from './seller-card.ts';
import { transactAsSeller } from './transact-as-seller.ts';
import { whatsappSchema } from './whatsapp-number.ts';

const MAX_INSTRUCTIONS_CHARACTERS = 500;

function cardSchema(knownPixKey: string | null) {
  return z.object({
    name: nameSchema,
    whatsapp: optional(whatsappSchema),
    pixKey: optional(pixKeySchema(knownPixKey)),
    instructions: optional(prose(MAX_INSTRUCTIONS_CHARACTERS)),
  });
}

export type SetSellerCardInput = z.input<ReturnType<typeof cardSchema>>;

/** Replaces the acting seller's whole card: an absent field is removed from it. */
export async function setSellerCard(ports: Pick<Ports, 'sql'>, { actor, address }: Acting, input: SetSellerCardInput): Promise<SellerCard> {
  requireRole(actor, SELLER_ROLES);
  const { id: sellerId, tenantId } = asSeller(actor);
  // A form sends the stored key back; in a stored key, digits alone are a CPF.
  const known = await cardOf(ports.sql, { tenantId, id: sellerId });
  const given = checkInput(cardSchema(known?.pixKey ?? null), input);
  const { instructions = null, name, pixKey = null, whatsapp = null } = given;
  const card: SellerCard = { name, whatsapp, pixKey, instructions };
  return transactAsSeller(ports, actor, SELLER_ROLES, async (tx) => {
    const before = await cardOf(tx, { tenantId, id: sellerId });
    await tx`
      INSERT INTO seller_card (tenant_id, seller_id, name, whatsapp, pix_key, instructions, updated_at)
      VALUES (${tenantId}, ${sellerId}, ${name}, ${whatsapp}, ${pixKey}, ${instructions}, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (tenant_id, seller_id) DO UPDATE SET name = excluded.name, whatsapp = excluded.whatsapp, pix_key = excluded.pix_key,
        instructions = excluded.instructions, updated_at = excluded.updated_at`;
    await recordAudit(tx, {
      ...{ tenantId, resellerId: actor.panel?.id ?? null, actorId: actor.userId, address },
      ...{ action: 'SELLER_CARD_SET', subject: name, changes: changes(before, card) },
    });
    return card;
  });
}

/** Records of a Pix key only that it changed: it may be somebody's tax number. */
function changes(before: SellerCard | null, after: SellerCard): AuditChange[] {
  const list: AuditChange[] = [];
  if (before?.name !== after.name) list.push({ field: 'name', before: before?.name ?? null, after: after.name });
  if ((before?.whatsapp ?? null) !== after.whatsapp)
    list.push({ field: 'whatsapp', before: before?.whatsapp ?? null, after: after.whatsapp });
  if ((before?.pixKey ?? null) !== after.pixKey) list.push({ field: 'pixKey', before: null, after: after.pixKey && 'replaced' });
  if ((before?.instructions ?? null) !== after.instructions)
    list.push({ field: 'instructions', before: before?.instructions ?? null, after: after.instructions });
  return list;
}
