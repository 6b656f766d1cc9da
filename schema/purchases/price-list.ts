/** Credit packages, ways to pay, and the mutation setCreditPackages. */

import {
  ownPaymentAccounts,
  type PaymentAccount,
  paymentMethods,
  SELLER_ROLES,
  webhookPath,
} from '../../src/domain/purchase/payment-accounts.ts';
import { asSeller, type CreditPackage as PackageRow, packagesOf, sellerOf } from '../../src/domain/purchase/seller.ts';
import { setCreditPackages } from '../../src/domain/purchase/set-credit-packages.ts';
import { setPaymentProvider } from '../../src/domain/purchase/set-payment-provider.ts';
import { Forbidden, InvalidInput, InvalidState, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import type { Named } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { actingOf, isClosedByLock, reached, viewerOf } from '../core/scopes.ts';
import { Viewer } from '../people/viewer.ts';
import { PaymentProvider } from './purchase.ts';

export const CreditPackage = builder.objectRef<PackageRow>('CreditPackage').implement({
  description: 'From so many credits on, each costs so much. A larger quantity never costs less than a smaller one.',
  interfaces: [Node],
  ...reached('id', 'quantity', 'unitPriceMinor', 'totalMinor', 'currency'),
  fields: (t) => ({
    id: t.id(idField('CreditPackage', (one) => one)),
    quantity: t.expose('quantity', { type: 'Credits', description: 'From how many credits on.' }),
    unitPriceMinor: t.expose('unitPriceMinor', { type: 'MinorUnits', description: 'What each credit costs then.' }),
    totalMinor: t.field({
      type: 'MinorUnits',
      description: 'What exactly this quantity costs.',
      resolve: ({ quantity, unitPriceMinor }) => quantity * unitPriceMinor,
    }),
    currency: t.exposeString('currency', { description: 'ISO 4217, as BRL.' }),
  }),
});

/** Prices that the viewer buys at, and those it sells at unless it is locked. */
export async function findCreditPackage(ctx: Context, { id }: Named): Promise<PackageRow | null> {
  const { sql } = ctx.ports;
  const viewer = viewerOf(ctx);
  const seller = await sellerOf(ctx.ports, viewer);
  const lists = [
    seller === null ? [] : await packagesOf(sql, seller),
    (await isClosedByLock(ctx)) ? [] : await packagesOf(sql, asSeller(viewer)),
  ];
  return lists.flat().find((one) => one.id === id) ?? null;
}

builder.queryField('creditPackages', (t) =>
  t.field({
    type: [CreditPackage],
    description: 'What the viewer would buy from, the smallest first; empty: its seller has no prices yet, or the viewer is the platform.',
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: async (_root, _args, ctx) => {
      const seller = await sellerOf(ctx.ports, viewerOf(ctx));
      return seller === null ? [] : packagesOf(ctx.ports.sql, seller);
    },
  }),
);

builder.queryField('paymentMethods', (t) =>
  t.field({
    type: [PaymentProvider],
    description: 'How the viewer may pay its seller, what is taken by default first.',
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (_root, _args, ctx) => paymentMethods(ctx.ports, viewerOf(ctx)),
  }),
);

const PaymentProviderSettings = builder.objectRef<PaymentAccount>('PaymentProviderSettings').implement({
  description: 'How a seller is paid by a provider. Secrets are never answered.',
  ...reached('provider', 'enabled', 'webhookPath', 'pixKey', 'merchantName', 'merchantCity', 'updatedAt'),
  fields: (t) => ({
    provider: t.expose('provider', { type: PaymentProvider, description: 'The payment provider that these settings are of.' }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether buyers may pay by it. Payments already begun are settled either way.' }),
    webhookPath: t.string({ description: "Where the provider should send its events, after this server's address.", resolve: webhookPath }),
    pixKey: t.exposeString('pixKey', { nullable: true, description: 'The Pix key that codes pay to when the provider does not answer.' }),
    merchantName: t.exposeString('merchantName', { nullable: true, description: "The receiver's name in such codes." }),
    merchantCity: t.exposeString('merchantCity', { nullable: true, description: "The receiver's city in such codes." }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When they were last set.' }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  priceList: t.field({
    type: [CreditPackage],
    nullable: true,
    description: 'The prices that the viewer sells at, the smallest quantity first.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports: { sql } }) => packagesOf(sql, asSeller(actor)),
  }),
  paymentProviders: t.field({
    type: [PaymentProviderSettings],
    nullable: true,
    description: "How the viewer's panel, or the platform, is paid. For OWNERs and the platform.",
    authScopes: { reads: SELLER_ROLES, unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => ownPaymentAccounts(ports, actor),
  }),
}));

const CreditPackageInput = builder.inputType('CreditPackageInput', {
  description: 'One package of a price list.',
  fields: (t) => ({
    quantity: t.field({ type: 'Credits', required: true, description: 'The first is 10; each is above the one before.' }),
    unitPriceMinor: t.field({ type: 'MinorUnits', required: true, description: '1 or more; never above the one before.' }),
  }),
});

const SetCreditPackagesInput = builder.inputType('SetCreditPackagesInput', {
  description: 'A price list, as a whole.',
  fields: (t) => ({
    currency: t.string({ required: true, description: 'ISO 4217 in upper case, as BRL.' }),
    packages: t.field({
      type: [CreditPackageInput],
      required: true,
      description: '1 to 50, by quantity. No total may be below that of a smaller package.',
    }),
  }),
});

const SetCreditPackagesPayload = builder.objectRef<readonly PackageRow[]>('SetCreditPackagesPayload').implement({
  description: 'The prices are as given.',
  ...reached('packages'),
  fields: (t) => ({
    packages: t.field({ type: [CreditPackage], description: 'The list, the smallest quantity first.', resolve: (list) => list }),
  }),
});

mutation('setCreditPackages', {
  description: 'Replaces the prices that the viewer sells at. Purchases that were made keep theirs. For OWNERs and the platform.',
  who: { role: SELLER_ROLES },
  input: SetCreditPackagesInput,
  argument: 'The new list.',
  payload: SetCreditPackagesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The list, or why it was not taken.',
  run: (input, ctx) => setCreditPackages(ctx.ports, actingOf(ctx), input),
});

const ENABLED = { required: true, defaultValue: true, description: 'Whether buyers may pay by it.' } as const;
const KEPT = 'Not given: it stays as it is.';

const StripeSettingsInput = builder.inputType('StripeSettingsInput', {
  description: 'To be paid through Stripe Checkout.',
  fields: (t) => ({
    enabled: t.boolean(ENABLED),
    secretKey: t.string({ description: `The secret key (sk_…) or a restricted key (rk_…). ${KEPT}` }),
    webhookSecret: t.string({ description: `What Stripe signs events with (whsec_…). ${KEPT}` }),
  }),
});

const MercadoPagoSettingsInput = builder.inputType('MercadoPagoSettingsInput', {
  description: 'To be paid with Pix through Mercado Pago; or, without its token, with codes to a Pix key, which the seller confirms.',
  fields: (t) => ({
    enabled: t.boolean(ENABLED),
    accessToken: t.string({ description: `The access token (APP_USR-… or TEST-…). ${KEPT}` }),
    webhookSecret: t.string({ description: `What Mercado Pago signs events with. ${KEPT}` }),
    pixKey: t.string({
      description: `For codes when Mercado Pago does not answer: a CPF, a CNPJ, a telephone, an e-mail or a random key, stored as banks write it. ${KEPT}`,
    }),
    merchantName: t.string({ description: `The receiver in such codes: up to 25 characters, with a letter that a bank prints. ${KEPT}` }),
    merchantCity: t.string({ description: `The city in such codes: up to 15 characters, with a letter that a bank prints. ${KEPT}` }),
  }),
});

const SetPaymentProviderInput = builder.inputType('SetPaymentProviderInput', {
  description: 'The settings of one provider.',
  isOneOf: true,
  fields: (t) => ({
    stripe: t.field({ type: StripeSettingsInput, description: 'The settings of Stripe.' }),
    mercadoPago: t.field({ type: MercadoPagoSettingsInput, description: 'The settings of Mercado Pago.' }),
  }),
});

const SetPaymentProviderPayload = builder.objectRef<PaymentAccount>('SetPaymentProviderPayload').implement({
  description: 'The settings are as given.',
  ...reached('settings'),
  fields: (t) => ({
    settings: t.field({ type: PaymentProviderSettings, description: 'The settings, without secrets.', resolve: (account) => account }),
  }),
});

mutation('setPaymentProvider', {
  description: 'Says how the viewer is paid by a provider. Secrets are kept sealed, and never answered. For OWNERs and the platform.',
  who: { role: SELLER_ROLES },
  input: SetPaymentProviderInput,
  argument: 'Which provider, and how.',
  payload: SetPaymentProviderPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The settings, or why they were not taken.',
  run: (input, ctx) => setPaymentProvider(ctx.ports, actingOf(ctx), input),
});
