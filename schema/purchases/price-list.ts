/** Credit packages, payment methods, and the mutations setCreditPackages and setPaymentProvider. */

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
  description: 'A price per credit from a quantity on. A larger quantity never costs less in total than a smaller one (R26).',
  interfaces: [Node],
  ...reached('id', 'quantity', 'unitPriceMinor', 'totalMinor', 'currency'),
  fields: (t) => ({
    id: t.id(idField('CreditPackage', (one) => one)),
    quantity: t.expose('quantity', { type: 'Credits', description: 'The quantity from which the price applies.' }),
    unitPriceMinor: t.expose('unitPriceMinor', {
      type: 'MinorUnits',
      description: 'The price of each credit, in minor units of `currency`.',
    }),
    totalMinor: t.field({
      type: 'MinorUnits',
      description: 'The price of exactly this quantity, in minor units of `currency`.',
      resolve: ({ quantity, unitPriceMinor }) => quantity * unitPriceMinor,
    }),
    currency: t.exposeString('currency', { description: 'The currency in ISO 4217, for example BRL.' }),
  }),
});

/** Finds a package among the prices at which the viewer buys and, unless it is locked, among those at which it sells. */
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
    description:
      "The packages of the viewer's seller, smallest quantity first. Empty if the seller has set no prices, or if the viewer is the platform.",
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
    description: 'The ways in which the viewer can pay its seller. The first one is the default (R30).',
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (_root, _args, ctx) => paymentMethods(ctx.ports, viewerOf(ctx)),
  }),
);

const PaymentProviderSettings = builder.objectRef<PaymentAccount>('PaymentProviderSettings').implement({
  description: "A seller's settings for one payment provider. Secrets are never returned.",
  ...reached('provider', 'enabled', 'webhookPath', 'pixKey', 'merchantName', 'merchantCity', 'updatedAt'),
  fields: (t) => ({
    provider: t.expose('provider', { type: PaymentProvider, description: 'The payment provider.' }),
    enabled: t.exposeBoolean('enabled', {
      description: 'Whether buyers can choose this provider. Payments that have begun are settled in any case.',
    }),
    webhookPath: t.string({
      description: 'The path on this server to which the provider must send its events.',
      resolve: webhookPath,
    }),
    pixKey: t.exposeString('pixKey', {
      nullable: true,
      description: 'The Pix key for the codes that are used while the provider does not answer. Null if none is set.',
    }),
    merchantName: t.exposeString('merchantName', { nullable: true, description: "The receiver's name in such codes. Null if not set." }),
    merchantCity: t.exposeString('merchantCity', { nullable: true, description: "The receiver's city in such codes. Null if not set." }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the settings were last changed.' }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  priceList: t.field({
    type: [CreditPackage],
    nullable: true,
    description: 'The prices at which the viewer sells, smallest quantity first.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports: { sql } }) => packagesOf(sql, asSeller(actor)),
  }),
  paymentProviders: t.field({
    type: [PaymentProviderSettings],
    nullable: true,
    description: "The payment settings of the viewer's panel, or of the platform. For OWNER and the platform.",
    authScopes: { reads: SELLER_ROLES, unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, { ports }) => ownPaymentAccounts(ports, actor),
  }),
}));

const CreditPackageInput = builder.inputType('CreditPackageInput', {
  description: 'One package of the price list.',
  fields: (t) => ({
    quantity: t.field({
      type: 'Credits',
      required: true,
      description:
        'In the first package, the minimum of a purchase (`TenantPolicy.minimumPurchase`; 10 for the platform). In all others, above the previous one.',
    }),
    unitPriceMinor: t.field({
      type: 'MinorUnits',
      required: true,
      description: 'The price of each credit in minor units: 1 or more, and never above the previous one.',
    }),
  }),
});

const SetCreditPackagesInput = builder.inputType('SetCreditPackagesInput', {
  description: 'The whole price list.',
  fields: (t) => ({
    currency: t.string({ required: true, description: 'The currency of all prices: ISO 4217 in upper case, for example BRL.' }),
    packages: t.field({
      type: [CreditPackageInput],
      required: true,
      description: '1 to 50 packages, in the order of their quantities. No total may be below the total of a smaller package.',
    }),
  }),
});

const SetCreditPackagesPayload = builder.objectRef<readonly PackageRow[]>('SetCreditPackagesPayload').implement({
  description: 'The price list was replaced.',
  ...reached('packages'),
  fields: (t) => ({
    packages: t.field({ type: [CreditPackage], description: 'The new list, smallest quantity first.', resolve: (list) => list }),
  }),
});

mutation('setCreditPackages', {
  description: 'Replaces the prices at which the viewer sells (R26). Existing purchases keep their price. For OWNER and the platform.',
  who: { role: SELLER_ROLES },
  input: SetCreditPackagesInput,
  argument: 'The new price list.',
  payload: SetCreditPackagesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked],
  result: 'The new list, or why it was not changed.',
  run: (input, ctx) => setCreditPackages(ctx.ports, actingOf(ctx), input),
});

const ENABLED = { required: true, defaultValue: true, description: 'Whether buyers can choose this provider.' } as const;
const STAYS = 'If not given, it stays as it is.';

const StripeSettingsInput = builder.inputType('StripeSettingsInput', {
  description: 'Settings for payments through Stripe Checkout.',
  fields: (t) => ({
    enabled: t.boolean(ENABLED),
    secretKey: t.string({ description: `The secret key (sk_…) or a restricted key (rk_…). ${STAYS}` }),
    webhookSecret: t.string({ description: `The secret with which Stripe signs events (whsec_…). ${STAYS}` }),
  }),
});

const MercadoPagoSettingsInput = builder.inputType('MercadoPagoSettingsInput', {
  description:
    'Settings for Pix payments through Mercado Pago. Without an access token, buyers pay with codes to a Pix key, and the seller confirms each payment.',
  fields: (t) => ({
    enabled: t.boolean(ENABLED),
    accessToken: t.string({ description: `The access token (APP_USR-… or TEST-…). ${STAYS}` }),
    webhookSecret: t.string({ description: `The secret with which Mercado Pago signs events. ${STAYS}` }),
    pixKey: t.string({
      description: `The Pix key for the codes that are used while Mercado Pago does not answer: a CPF, CNPJ, telephone, e-mail or random key. It is stored in the form that banks use. ${STAYS}`,
    }),
    merchantName: t.string({
      description: `The receiver in such codes: up to 25 characters, with at least one letter that banks print. ${STAYS}`,
    }),
    merchantCity: t.string({
      description: `The city in such codes: up to 15 characters, with at least one letter that banks print. ${STAYS}`,
    }),
  }),
});

const SetPaymentProviderInput = builder.inputType('SetPaymentProviderInput', {
  description: 'The settings of one provider. Exactly one field must be given.',
  isOneOf: true,
  fields: (t) => ({
    stripe: t.field({ type: StripeSettingsInput, description: 'The settings of Stripe.' }),
    mercadoPago: t.field({ type: MercadoPagoSettingsInput, description: 'The settings of Mercado Pago.' }),
  }),
});

const SetPaymentProviderPayload = builder.objectRef<PaymentAccount>('SetPaymentProviderPayload').implement({
  description: 'The settings were changed.',
  ...reached('settings'),
  fields: (t) => ({
    settings: t.field({ type: PaymentProviderSettings, description: 'The settings, without secrets.', resolve: (account) => account }),
  }),
});

mutation('setPaymentProvider', {
  description:
    'Sets how buyers pay the viewer through a payment provider. Secrets are stored encrypted and never returned. For OWNER and the platform.',
  who: { role: SELLER_ROLES },
  input: SetPaymentProviderInput,
  argument: 'The provider and its settings.',
  payload: SetPaymentProviderPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The settings, or why they were not changed.',
  run: (input, ctx) => setPaymentProvider(ctx.ports, actingOf(ctx), input),
});
