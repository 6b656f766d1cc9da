/** The type SellerCard, the cards of the viewer and its seller, and the mutation setSellerCard (R37). */

import { SELLER_ROLES } from '../../src/domain/purchase/payment-accounts.ts';
import { type SellerCard as CardRow, cardOfSeller, ownCard } from '../../src/domain/purchase/seller-card.ts';
import { setSellerCard } from '../../src/domain/purchase/set-seller-card.ts';
import { Forbidden, InvalidInput, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { Viewer } from '../people/viewer.ts';

const SellerCard = builder.objectRef<CardRow>('SellerCard').implement({
  description: 'The name, contact and payment details that a seller shows its buyers (R37).',
  ...reached('name', 'whatsapp', 'pixKey', 'instructions'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name that buyers see.' }),
    whatsapp: t.exposeString('whatsapp', {
      nullable: true,
      description: 'A WhatsApp number in E.164, for example +5511912345678. Null if none.',
    }),
    pixKey: t.exposeString('pixKey', {
      nullable: true,
      description: 'The Pix key to which MANUAL purchases in BRL are paid, in the form that banks use. Null if none (R39).',
    }),
    instructions: t.exposeString('instructions', { nullable: true, description: 'Further instructions for buyers. Null if none.' }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  seller: t.field({
    type: SellerCard,
    nullable: true,
    description:
      "The card of the viewer's seller, also while the viewer is locked. Null if the seller has published no card, or if the viewer is the platform.",
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => cardOfSeller(ports, actor),
  }),
  sellerCard: t.field({
    type: SellerCard,
    nullable: true,
    description: 'The card that the viewer shows its own buyers. Null if it has published none.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => ownCard(ports, actor),
  }),
}));

const SetSellerCardInput = builder.inputType('SetSellerCardInput', {
  description: 'The whole card. Fields that are not given or empty are removed from it.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name that buyers see: 1 to 100 characters.' }),
    whatsapp: t.string({ description: 'A telephone number, stored in E.164. Without a country code it is Brazilian.' }),
    pixKey: t.string({ description: 'A CPF, CNPJ, telephone, e-mail or random key. It is stored in the form that banks use.' }),
    instructions: t.string({ description: 'Further instructions for buyers: up to 500 characters.' }),
  }),
});

const SetSellerCardPayload = builder.objectRef<CardRow>('SetSellerCardPayload').implement({
  description: 'The card was published.',
  ...reached('sellerCard'),
  fields: (t) => ({ sellerCard: t.field({ type: SellerCard, description: 'The card as it is stored.', resolve: (card) => card }) }),
});

mutation('setSellerCard', {
  description: 'Publishes the card that shows buyers how to reach and pay the viewer (R37). For OWNER and the platform.',
  who: { role: SELLER_ROLES },
  input: SetSellerCardInput,
  argument: 'The new card.',
  payload: SetSellerCardPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The card, or why it was not published.',
  run: (input, ctx) => setSellerCard(ctx.ports, actingOf(ctx), input),
});
