/** The card of a seller: the viewer's seller, the viewer's own card, and the mutation setSellerCard. */

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
  description: 'Whom a buyer pays, and how to reach them: what a seller publishes to those who buy from it.',
  ...reached('name', 'whatsapp', 'pixKey', 'instructions'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What buyers call the seller.' }),
    whatsapp: t.exposeString('whatsapp', { nullable: true, description: 'A WhatsApp number in E.164, as +5511912345678.' }),
    pixKey: t.exposeString('pixKey', {
      nullable: true,
      description: 'The Pix key that MANUAL purchases in BRL are paid to, as banks write it.',
    }),
    instructions: t.exposeString('instructions', { nullable: true, description: 'What else a buyer should know about paying.' }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  seller: t.field({
    type: SellerCard,
    nullable: true,
    description: 'Who sells to the viewer, locked or not; null: the seller has published no card, or the viewer is the platform.',
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => cardOfSeller(ports, actor),
  }),
  sellerCard: t.field({
    type: SellerCard,
    nullable: true,
    description: 'The card that the viewer publishes to its own buyers; null: none yet.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => ownCard(ports, actor),
  }),
}));

const SetSellerCardInput = builder.inputType('SetSellerCardInput', {
  description: 'A card, as a whole: what is left out or empty is not on it any more.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters.' }),
    whatsapp: t.string({ description: "A telephone number, stored in E.164; without a country's code it is Brazilian." }),
    pixKey: t.string({ description: 'A CPF, a CNPJ, a telephone, an e-mail or a random key, stored as banks write it.' }),
    instructions: t.string({ description: 'Up to 500 characters.' }),
  }),
});

const SetSellerCardPayload = builder.objectRef<CardRow>('SetSellerCardPayload').implement({
  description: 'The card is as given.',
  ...reached('sellerCard'),
  fields: (t) => ({ sellerCard: t.field({ type: SellerCard, description: 'The card as it is stored.', resolve: (card) => card }) }),
});

mutation('setSellerCard', {
  description: 'Publishes how the buyers of the viewer reach and pay it. For OWNERs and the platform.',
  who: { role: SELLER_ROLES },
  input: SetSellerCardInput,
  argument: 'The new card.',
  payload: SetSellerCardPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The card, or why it was not taken.',
  run: (input, ctx) => setSellerCard(ctx.ports, actingOf(ctx), input),
});
