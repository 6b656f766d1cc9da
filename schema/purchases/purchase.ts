/** The type Purchase, and the connections of a panel's purchases and of the viewer's sales. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { Prisma, Purchase as PurchaseRow } from '../../prisma/generated/client/client.ts';
import type { RowId } from '../../src/domain/input.ts';
import { paymentInstructions } from '../../src/domain/purchase/payment-instructions.ts';
import { strandedSales } from '../../src/domain/purchase/stranded-sales.ts';
import { Forbidden } from '../../src/kernel/errors.ts';
import type { PaymentProvider as ProviderName, PurchaseStatus as StatusName } from '../../src/ledger/outcome.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, newestPage, type PageArgs, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { momentOf } from '../core/now.ts';
import { isClosedByLock, isOwn, reached, viewerOf } from '../core/scopes.ts';
import { nameContains } from '../core/search.ts';
import { isVisible, visibleResellers } from '../core/visibility.ts';
import { Transfer } from '../credits/transfer.ts';
import { Viewer } from '../people/viewer.ts';
import { Reseller } from '../resellers/reseller.ts';

const statuses = {
  PENDING: { description: 'The purchase waits for the money.' },
  PAID: { description: 'The money arrived, and the same commit posted the credits.' },
  PAID_UNFUNDED: {
    description: 'The money arrived, but the credits could not be posted. The seller confirms the purchase when it can deliver.',
  },
  CANCELED: { description: 'The buyer canceled the purchase, or the money went back before the credits were posted.' },
  EXPIRED: { description: 'The purchase was not paid within 72 hours.' },
  CHARGED_BACK: { description: 'The money went back. The credits that the buyer had left were taken back; the rest is a debt (R29).' },
} satisfies Record<StatusName, { readonly description: string }>;

const PurchaseStatus = builder.enumType('PurchaseStatus', {
  description: "The status of a purchase, by the database's clock (R28).",
  values: statuses,
});

const providers = {
  MANUAL: {
    description: "The buyer pays as agreed with the seller, or by Pix to the key on the seller's card. The seller confirms the payment.",
  },
  STRIPE: { description: 'The buyer pays on a Stripe page, whose address is in `paymentInstructions`.' },
  MERCADO_PAGO: { description: 'The buyer pays by Pix, with the copy-and-paste code in `paymentInstructions`.' },
} satisfies Record<ProviderName, { readonly description: string }>;

export const PaymentProvider = builder.enumType('PaymentProvider', {
  description: 'The way in which a seller is paid (R30).',
  values: providers,
});

function statusAt({ expiresAt, status }: Pick<PurchaseRow, 'expiresAt' | 'status'>, now: Date): StatusName {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status;
}

/** EXPIRED is not stored: it is a PENDING purchase past its time. */
function whereStatus(status: StatusName | null | undefined, now: Date): Prisma.PurchaseWhereInput {
  if (!status) return {};
  if (status === 'EXPIRED') return { status: 'PENDING', expiresAt: { lte: now } };
  return status === 'PENDING' ? { status, expiresAt: { gt: now } } : { status };
}

function isBuyer(ctx: Context, { buyerId, tenantId }: Pick<PurchaseRow, 'tenantId' | 'buyerId'>): boolean {
  return isOwn(ctx, { tenantId, id: buyerId });
}

export const Purchase = builder.prismaObject('Purchase', {
  description: 'An order for credits. Its price was fixed when it was made (R30).',
  interfaces: [Node],
  ...reached(
    ...['id', 'number', 'buyer', 'seller', 'sellerCanDeliver', 'chargedBack', 'quantity', 'totalMinor', 'currency', 'status', 'provider'],
    ...['createdAt', 'expiresAt', 'settledAt', 'reference', 'transfer', 'paymentInstructions', 'returnedMinor'],
    ...['reportedAt', 'reportNote'],
  ),
  fields: (t) => ({
    id: t.id(idField('Purchase', (purchase) => purchase)),
    number: t.exposeInt('number', {
      description: 'The number by which buyer and seller refer to the purchase. Numbers rise within the tenant, with gaps (R38).',
    }),
    buyer: t.field({
      type: Reseller,
      nullable: true,
      description: "The panel that buys. Null if the viewer may not see it, for example because it left the seller's branch (R18).",
      select: (_args, _ctx, nested) => ({ tenantId: true, buyer: nested(true) }),
      resolve: ({ buyer }, _args, ctx) => (isVisible(ctx, buyer) ? buyer : null),
    }),
    sellerCanDeliver: t.boolean({
      description:
        'Whether the seller can still deliver to the buyer. If not, and the purchase is PAID_UNFUNDED, an owner of the root or the platform confirms it, or the seller returns the money (R28).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: ({ id, tenantId }, _args, ctx) => loadersOf(ctx).deliverable.load({ tenantId, id }),
    }),
    chargedBack: t.expose('chargedBack', { type: 'Credits', description: 'The number of its credits that were charged back.' }),
    seller: t.field({
      type: Reseller,
      nullable: true,
      description: 'The panel that sells. Null if it is the platform, or if the viewer may not see it.',
      select: (_args, _ctx, nested) => ({ tenantId: true, seller: nested(true) }),
      resolve: async ({ seller }, _args, ctx) => {
        if (seller === null || !isVisible(ctx, seller)) return null;
        return (await isClosedByLock(ctx)) && !isOwn(ctx, seller) ? null : seller;
      },
    }),
    quantity: t.expose('quantity', { type: 'Credits', description: 'The number of credits.' }),
    totalMinor: t.expose('totalMinor', { type: 'MinorUnits', description: 'The price, in minor units of `currency`.' }),
    currency: t.exposeString('currency', { description: 'The currency in ISO 4217, for example BRL.' }),
    status: t.field({
      type: PurchaseStatus,
      description: 'The present status.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (purchase, _args, ctx) => statusAt(purchase, await momentOf(ctx)),
    }),
    provider: t.expose('provider', { type: PaymentProvider, description: 'The way of payment.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the purchase was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When a purchase that is still PENDING becomes EXPIRED.' }),
    settledAt: t.expose('settledAt', { type: 'DateTime', nullable: true, description: 'When the credits were posted. Null before that.' }),
    reference: t.exposeString('reference', {
      nullable: true,
      description: 'The reference of the provider, or of the seller who confirmed, for the payment. Null if there is none.',
    }),
    returnedMinor: t.expose('returnedMinor', {
      type: 'MinorUnits',
      description:
        'The amount that went back to the buyer, as the provider reports: refunds and lost disputes. The whole price charges the purchase back. After a partial return, the seller decides how many credits go back (R29).',
    }),
    reportedAt: t.expose('reportedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the buyer last reported the payment. Null if it did not (R40).',
    }),
    reportNote: t.exposeString('reportNote', { nullable: true, description: "The buyer's note with that report. Null if there is none." }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The transfer of the credits. Null until they are posted.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: ({ tenantId, transferId }, _args, ctx) =>
        transferId === null ? null : loadersOf(ctx).transfer.load({ tenantId, id: transferId }),
    }),
    paymentInstructions: t.string({
      nullable: true,
      description:
        "How to pay: the address of a page, or a Pix copy-and-paste code. For a PENDING MANUAL purchase, a code for the Pix key that is now on the seller's card (R39). Null if the seller has no such key, or if the provider has not answered yet: then read it again.",
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (purchase, _args, ctx) => {
        const { id, paymentInstructions: known, paymentLapsesAt: lapsesAt, provider, tenantId } = purchase;
        if (provider === 'MANUAL') return loadersOf(ctx).staticPix.load({ tenantId, id });
        // A support session never sends requests to a provider.
        if ((known !== null && lapsesAt === null) || !isBuyer(ctx, purchase) || viewerOf(ctx).support !== null) return known;
        const now = await momentOf(ctx);
        const isExpired = purchase.expiresAt <= now;
        const isLapsed = lapsesAt !== null && lapsesAt <= now;
        const numbers = { quantity: Number(purchase.quantity), totalMinor: Number(purchase.totalMinor) };
        return paymentInstructions(ctx.ports, { ...purchase, ...numbers, isExpired, isLapsed }, true);
      },
    }),
  }),
});

const PurchaseConnection = builder.connectionObject(
  { type: Purchase, name: 'PurchaseConnection', description: 'A page of purchases.' },
  { name: 'PurchaseEdge', description: 'A purchase and its cursor.' },
);

const STATUS = { type: PurchaseStatus, description: 'Returns only purchases with this status.' } as const;

/** Reads a page of the purchases that match `asked`, newest first. */
async function purchasePage(ctx: Context, info: GraphQLResolveInfo, args: PageArgs, asked: Prisma.PurchaseWhereInput) {
  const page = readPage(args, BY_ID);
  const { where, ...query } = newestPage(page);
  const { purchase } = ctx.ports.prisma;
  const rows = await purchase.findMany({
    ...queryFromInfo({ context: ctx, info, typeName: 'Purchase', path: ['edges', 'node'] }),
    ...query,
    where: { ...asked, ...where },
  });
  return toConnection(
    rows,
    page,
    BY_ID,
    ({ id }) => id,
    () => purchase.count({ where: asked }),
  );
}

builder.prismaObjectField(Reseller, 'purchases', (t) =>
  t.connection(
    {
      type: Purchase,
      nullable: true,
      description:
        "The panel's purchases, newest first, also while it is locked. For any panel other than the viewer's own: null with FORBIDDEN (R18).",
      authScopes: (reseller, _args, ctx) => {
        if (!isOwn(ctx, reseller) && viewerOf(ctx).role !== 'PLATFORM') throw new Forbidden('Only a panel itself may see its purchases.');
        return { signedIn: true };
      },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: { status: t.arg(STATUS), number: t.arg.int({ description: 'Returns only the purchase with this number (R38).' }) },
      resolve: async ({ id: buyerId, tenantId }, args, ctx, info) => {
        const ofNumber = typeof args.number === 'number' ? { number: args.number } : {};
        return purchasePage(ctx, info, args, {
          ...{ tenantId, buyerId, ...whereStatus(args.status, await momentOf(ctx)) },
          ...ofNumber,
        });
      },
    },
    PurchaseConnection,
  ),
);

/**
 * Prisma's condition for the viewer's sales, wherever their buyers are now (R27), and for the sales that it settles for sellers
 * who cannot deliver (R28): of all tenants for the platform, of the own tenant for an owner of its root.
 */
async function salesOf(ctx: Context): Promise<Prisma.PurchaseWhereInput> {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null && (panel.id !== tenantId || role !== 'OWNER')) return { tenantId, sellerId: panel.id };
  const stranded = await strandedSales(ctx.ports.sql, panel === null ? null : tenantId);
  const orphans = { OR: [{ seller: { closedAt: { not: null } } }, { id: { in: [...stranded] } }] };
  return panel === null ? { OR: [{ sellerId: null }, ...orphans.OR] } : { tenantId, OR: [{ sellerId: panel.id }, ...orphans.OR] };
}

/** A purchase number as people write it, and the largest one that is possible. */
const WRITTEN_NUMBER = /^\s*#?\s*(\d{1,10})\s*$/;
const MAX_NUMBER = 2_147_483_647;

/** Prisma's condition for sales by number, or by the buyer's name if the viewer may see the buyer (R18, R38). */
function saleContains(ctx: Context, search: string | null | undefined): Prisma.PurchaseWhereInput {
  const named = nameContains(search);
  if (!('name' in named)) return {};
  const number = Number(WRITTEN_NUMBER.exec(search ?? '')?.[1] ?? 0);
  const buyer = { buyer: { AND: [visibleResellers(ctx), named] } };
  return number > 0 && number <= MAX_NUMBER ? { OR: [{ number }, buyer] } : buyer;
}

builder.objectField(Viewer, 'sales', (t) =>
  t.connection(
    {
      type: Purchase,
      nullable: true,
      description:
        'The purchases that others make from the viewer, newest first. The viewer confirms those that are PENDING or PAID_UNFUNDED.',
      authScopes: { unlocked: true },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        status: t.arg(STATUS),
        search: t.arg.string({
          description:
            "Returns only the purchase with this number, for example 1042 or #1042, and purchases whose buyer's name contains this text.",
        }),
      },
      resolve: async (_viewer, args, ctx, info) => {
        const wanted = [whereStatus(args.status, await momentOf(ctx)), saleContains(ctx, args.search)];
        return purchasePage(ctx, info, args, { AND: [await salesOf(ctx), ...wanted] });
      },
    },
    PurchaseConnection,
  ),
);

/** Finds a purchase of the viewer or, unless it is locked, a sale. The platform finds every purchase. */
export async function findPurchase(ctx: Context, { tenantId, id }: RowId, query: object) {
  const { panel, role } = viewerOf(ctx);
  if (panel === null && role !== 'PLATFORM') return null;
  const own = { buyerId: panel?.id ?? '' };
  const mine = panel === null ? {} : { OR: (await isClosedByLock(ctx)) ? [own] : [own, await salesOf(ctx)] };
  return ctx.ports.prisma.purchase.findUnique({ ...query, where: { tenantId_id: { tenantId, id }, ...mine } });
}
