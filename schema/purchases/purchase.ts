/** The type Purchase, and purchases and sales as connections. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Prisma, Purchase as PurchaseRow } from '../../prisma/generated/client/client.ts';
import type { RowId } from '../../src/domain/input.ts';
import { paymentInstructions } from '../../src/domain/purchase/payment-instructions.ts';
import { strandedSales } from '../../src/domain/purchase/stranded-sales.ts';
import { Forbidden } from '../../src/kernel/errors.ts';
import type { PaymentProvider as ProviderName, PurchaseStatus as StatusName } from '../../src/ledger/outcome.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, newestPage, readPage, toConnection } from '../core/connection.ts';
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
  PENDING: { description: 'It waits for the money.' },
  PAID: { description: 'The money arrived, and the credits were posted with it.' },
  PAID_UNFUNDED: { description: 'The money arrived, and the credits could not be posted: the seller settles it once it can.' },
  CANCELED: { description: 'Its buyer does not want it any more, or the money went back before the credits were posted.' },
  EXPIRED: { description: 'It was not paid for within 72 hours.' },
  CHARGED_BACK: { description: 'The money went back: what was left of the credits was withdrawn, the rest is owed.' },
} satisfies Record<StatusName, { readonly description: string }>;

const PurchaseStatus = builder.enumType('PurchaseStatus', {
  description: "How a purchase stands now, by the database's clock.",
  values: statuses,
});

const providers = {
  MANUAL: { description: "The buyer pays as the two agree, or with a Pix to the key on the seller's card, and the seller confirms." },
  STRIPE: { description: 'On a page of Stripe, whose address is in `paymentInstructions`.' },
  MERCADO_PAGO: { description: 'With Pix: the copy-and-paste code is in `paymentInstructions`.' },
} satisfies Record<ProviderName, { readonly description: string }>;

export const PaymentProvider = builder.enumType('PaymentProvider', { description: 'How money comes to a seller.', values: providers });

function statusAt({ expiresAt, status }: Pick<PurchaseRow, 'expiresAt' | 'status'>, now: Date): StatusName {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status;
}

/** EXPIRED is not stored: it is PENDING past its time. */
function whereStatus(status: StatusName | null | undefined, now: Date): Prisma.PurchaseWhereInput {
  if (!status) return {};
  if (status === 'EXPIRED') return { status: 'PENDING', expiresAt: { lte: now } };
  return status === 'PENDING' ? { status, expiresAt: { gt: now } } : { status };
}

function isBuyer(ctx: Context, { buyerId, tenantId }: Pick<PurchaseRow, 'tenantId' | 'buyerId'>): boolean {
  return isOwn(ctx, { tenantId, id: buyerId });
}

export const Purchase = builder.prismaObject('Purchase', {
  description: 'An order of credits at a price that was fixed when it was made.',
  interfaces: [Node],
  ...reached(
    ...['id', 'number', 'buyer', 'seller', 'sellerCanDeliver', 'chargedBack', 'quantity', 'totalMinor', 'currency', 'status', 'provider'],
    ...['createdAt', 'expiresAt', 'settledAt', 'reference', 'transfer', 'paymentInstructions', 'returnedMinor'],
    ...['reportedAt', 'reportNote'],
  ),
  fields: (t) => ({
    id: t.id(idField('Purchase', (purchase) => purchase)),
    number: t.exposeInt('number', {
      description: 'What buyer and seller call it: rising within the tenant, with gaps.',
    }),
    buyer: t.field({
      type: Reseller,
      nullable: true,
      description: 'The panel that buys; null: outside what the viewer may see, as one that has left the branch of its seller.',
      select: (_args, _ctx, nested) => ({ tenantId: true, buyer: nested(true) }),
      resolve: ({ buyer }, _args, ctx) => (isVisible(ctx, buyer) ? buyer : null),
    }),
    sellerCanDeliver: t.boolean({
      description:
        'Whether the panel that sells can deliver to the buyer. If not, and it is PAID_UNFUNDED, the owner of the tenant or the platform settles it, or the seller sends the money back.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: ({ id, tenantId }, _args, ctx) => loadersOf(ctx).deliverable.load({ tenantId, id }),
    }),
    chargedBack: t.expose('chargedBack', { type: 'Credits', description: 'How many of its credits were charged back.' }),
    seller: t.field({
      type: Reseller,
      nullable: true,
      description: 'The panel that sells; null: the platform, or outside what the viewer may see.',
      select: (_args, _ctx, nested) => ({ tenantId: true, seller: nested(true) }),
      resolve: async ({ seller }, _args, ctx) => {
        if (seller === null || !isVisible(ctx, seller)) return null;
        return (await isClosedByLock(ctx)) && !isOwn(ctx, seller) ? null : seller;
      },
    }),
    quantity: t.expose('quantity', { type: 'Credits', description: 'How many credits.' }),
    totalMinor: t.expose('totalMinor', { type: 'MinorUnits', description: 'What they cost together.' }),
    currency: t.exposeString('currency', { description: 'ISO 4217, as BRL.' }),
    status: t.field({
      type: PurchaseStatus,
      description: 'How it stands now.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (purchase, _args, ctx) => statusAt(purchase, await momentOf(ctx)),
    }),
    provider: t.expose('provider', { type: PaymentProvider, description: 'How it is paid for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be paid for.' }),
    settledAt: t.expose('settledAt', { type: 'DateTime', nullable: true, description: 'When its credits were posted.' }),
    reference: t.exposeString('reference', {
      nullable: true,
      description: 'What the provider, or the seller who confirmed, calls the payment.',
    }),
    returnedMinor: t.expose('returnedMinor', {
      type: 'MinorUnits',
      description:
        'How much of the money has gone back, as the provider says: refunds and lost disputes. All of it charges the purchase back; of a part the seller says how many credits go back.',
    }),
    reportedAt: t.expose('reportedAt', { type: 'DateTime', nullable: true, description: 'When the buyer last said that it has paid.' }),
    reportNote: t.exposeString('reportNote', { nullable: true, description: 'What the buyer wrote with it.' }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The credits that it brought; null until they were posted.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: ({ tenantId, transferId }, _args, ctx) =>
        transferId === null ? null : loadersOf(ctx).transfer.load({ tenantId, id: transferId }),
    }),
    paymentInstructions: t.string({
      nullable: true,
      description:
        "What the buyer pays with: the address of a page, or a Pix copy-and-paste code; of a MANUAL purchase that is PENDING the code of now, to the key on its seller's card. null: nothing but the seller's own word, or the provider has not answered yet; ask again.",
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (purchase, _args, ctx) => {
        const { id, paymentInstructions: known, paymentLapsesAt: lapsesAt, provider, tenantId } = purchase;
        if (provider === 'MANUAL') return loadersOf(ctx).staticPix.load({ tenantId, id });
        // A support session asks no provider for anything.
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
  { type: Purchase, name: 'PurchaseConnection', description: 'Purchases of a list.' },
  { name: 'PurchaseEdge', description: 'A purchase and its place in the list.' },
);

const STATUS = { type: PurchaseStatus, description: 'Only those of this status.' } as const;

builder.prismaObjectField(Reseller, 'purchases', (t) =>
  t.connection(
    {
      type: Purchase,
      nullable: true,
      description: "What it has bought, newest first. Only of the viewer's own panel, locked or not: of any other, null with FORBIDDEN.",
      authScopes: (reseller, _args, ctx) => {
        if (!isOwn(ctx, reseller) && viewerOf(ctx).role !== 'PLATFORM') throw new Forbidden('What another panel buys is its own business.');
        return { signedIn: true };
      },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: { status: t.arg(STATUS), number: t.arg.int({ description: 'Only that of this number (R38).' }) },
      resolve: async ({ id: buyerId, tenantId }, args, ctx, info) => {
        const page = readPage(args, BY_ID);
        const { where, ...query } = newestPage(page);
        const asked = {
          ...{ tenantId, buyerId, ...whereStatus(args.status, await momentOf(ctx)) },
          ...(typeof args.number === 'number' ? { number: args.number } : {}),
        };
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
      },
    },
    PurchaseConnection,
  ),
);

/**
 * What the viewer sold, wherever its buyers are now (R27); and what it settles for sellers that cannot (R28): for the platform
 * of all tenants, for an owner of a tenant's root of that tenant.
 */
async function salesOf(ctx: Context): Promise<Prisma.PurchaseWhereInput> {
  const { panel, role, tenantId } = viewerOf(ctx);
  if (panel !== null && (panel.id !== tenantId || role !== 'OWNER')) return { tenantId, sellerId: panel.id };
  const stranded = await strandedSales(ctx.ports.sql, panel === null ? null : tenantId);
  const orphans = { OR: [{ seller: { closedAt: { not: null } } }, { id: { in: [...stranded] } }] };
  return panel === null ? { OR: [{ sellerId: null }, ...orphans.OR] } : { tenantId, OR: [{ sellerId: panel.id }, ...orphans.OR] };
}

/** What people write before a number, and the largest that there can be. */
const WRITTEN_NUMBER = /^\s*#?\s*(\d{1,10})\s*$/;
const MAX_NUMBER = 2_147_483_647;

/** Sales by their number, or by their buyer's name where the viewer may see the buyer (R18, R38). */
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
      description: 'What others buy of the viewer, newest first: those that are PENDING or PAID_UNFUNDED are for the viewer to confirm.',
      authScopes: { unlocked: true },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        status: t.arg(STATUS),
        search: t.arg.string({ description: "Only that of this number, as 1042 or #1042, and those whose buyer's name contains this." }),
      },
      resolve: async (_viewer, args, ctx, info) => {
        const page = readPage(args, BY_ID);
        const { where, ...query } = newestPage(page);
        const wanted = [whereStatus(args.status, await momentOf(ctx)), saleContains(ctx, args.search)];
        const asked = { AND: [await salesOf(ctx), ...wanted] };
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
      },
    },
    PurchaseConnection,
  ),
);

/** What the viewer bought; unless it is locked, also what it sells; for the platform, any. */
export async function findPurchase(ctx: Context, { tenantId, id }: RowId, query: object) {
  const { panel, role } = viewerOf(ctx);
  if (panel === null && role !== 'PLATFORM') return null;
  const own = { buyerId: panel?.id ?? '' };
  const mine = panel === null ? {} : { OR: (await isClosedByLock(ctx)) ? [own] : [own, await salesOf(ctx)] };
  return ctx.ports.prisma.purchase.findUnique({ ...query, where: { tenantId_id: { tenantId, id }, ...mine } });
}
