/** The type Customer, the connection of a panel's customers, and the query customer. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import { failedServices, MAX_FAILED } from '../../src/domain/access/failed-services.ts';
import { paidSpans, screensChange, screensNow } from '../../src/domain/customer/paid-screens.ts';
import { type CustomerStatus as StatusName, statusOf, whereStatus } from '../../src/domain/customer/status.ts';
import type { RowId } from '../../src/domain/input.ts';
import { Forbidden } from '../../src/kernel/errors.ts';
import type { SpanUntil } from '../../src/ledger/rules/spans.ts';
import { builder } from '../core/builder.ts';
import {
  BY_END,
  BY_ID,
  BY_ID_DOWN,
  BY_NAME,
  type Connection,
  type CursorKind,
  connectionComplexity,
  idPage,
  newestPage,
  nullIfBadInput,
  type Page,
  type PageArgs,
  readPage,
  toConnection,
  valuePage,
  wholeRowsIfEmpty,
} from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { CustomerStatus } from '../core/enums.ts';
import { decodeIdOf, type Named } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { momentOf } from '../core/now.ts';
import { isClosedByLock, reached } from '../core/scopes.ts';
import { customerContains, customerNameContains } from '../core/search.ts';
import { isMasked, ownsCustomers, unlessMasked, visibleCustomers } from '../core/visibility.ts';
import { Transfer, TransferConnection } from '../credits/transfer.ts';
import { Reseller } from '../resellers/reseller.ts';

export const ScreenSpan = builder.objectRef<SpanUntil>('ScreenSpan').implement({
  description: 'A part of a paid term with one number of screens. It begins when the previous span ends (R22).',
  ...reached('screens', 'endsAt'),
  fields: (t) => ({
    screens: t.exposeInt('screens', { description: 'The number of screens that work at the same time.' }),
    endsAt: t.field({
      type: 'DateTime',
      description: 'When this span ends and the next begins.',
      resolve: ({ endsAtMs }) => new Date(endsAtMs),
    }),
  }),
});

export const Customer = builder.prismaObject('Customer', {
  description:
    'A user of the service, whom a panel serves for credits or for some hours on trial. Only that panel and the platform see the customer (R18).',
  interfaces: [Node],
  ...reached(
    ...['id', 'name', 'contact', 'notes', 'status', 'screens', 'nextScreens', 'screensChangeAt', 'spans', 'expiresAt', 'creditsSpent'],
    ...['history', 'reseller', 'createdAt', 'muted'],
  ),
  fields: (t) => ({
    id: t.id(idField('Customer', (customer) => customer)),
    name: t.exposeString('name', { description: "The customer's name." }),
    contact: t.string({
      nullable: true,
      description: 'A phone number, an e-mail or another text. Null if the panel gave none. Masked in a support session.',
      resolve: ({ contact }, _args, ctx) => unlessMasked(ctx, contact),
    }),
    notes: t.string({
      nullable: true,
      description: "The panel's notes on the customer. Null if there are none. Masked in a support session.",
      resolve: ({ notes }, _args, ctx) => unlessMasked(ctx, notes),
    }),
    status: t.field({
      type: CustomerStatus,
      description: "The customer's present status.",
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => statusOf(customer, await momentOf(ctx)),
    }),
    screens: t.int({
      description: 'The number of screens that may work at the same time now. After the service has ended, the last number.',
      resolve: (customer, _args, ctx) => screensNow(customer, () => momentOf(ctx)),
    }),
    nextScreens: t.exposeInt('nextScreens', {
      description: 'The number of screens from `screensChangeAt` on. The price of the next renewal depends on it (R20).',
    }),
    screensChangeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the time paid for with other screens ends and `nextScreens` begin. Null if no change is pending (R22).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => screensChange(customer, await momentOf(ctx)),
    }),
    spans: t.field({
      type: [ScreenSpan],
      description:
        'The paid time from now on, in order: the number of screens and the end of each span. Empty after the service has ended.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => paidSpans(customer, await momentOf(ctx)),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the service ends.' }),
    creditsSpent: t.expose('creditsSpent', {
      type: 'Credits',
      description: 'Credits spent on the customer, less refunds and undone spends.',
    }),
    reseller: t.relation('reseller', { description: 'The panel that serves the customer.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the customer was created.' }),
    muted: t.exposeBoolean('muted', { description: 'Whether the customer gets no reminders (R58).' }),
    history: t.connection(
      {
        type: Transfer,
        description: 'The transfers of credits spent on the customer, refunded or undone, newest first.',
        complexity: connectionComplexity,
        select: (args, _ctx, nested) => {
          const query = nullIfBadInput(() => newestPage(readPage(args, BY_ID)));
          return { transfers: query === null ? { take: 0 } : { ...query, ...wholeRowsIfEmpty(nested(true, ['edges', 'node'])) } };
        },
        resolve: (customer, args) => toConnection(customer.transfers, readPage(args, BY_ID), BY_ID, ({ id }) => id),
      },
      TransferConnection,
    ),
  }),
});

const CustomerConnection = builder.connectionObject(
  { type: Customer, name: 'CustomerConnection', description: 'A page of customers.' },
  { name: 'CustomerEdge', description: 'A customer and its cursor.' },
);

const CustomerOrder = builder.enumType('CustomerOrder', {
  description: 'The order of a list of customers.',
  values: {
    NEWEST: { description: 'Newest first.' },
    OLDEST: { description: 'Oldest first.' },
    EXPIRING: { description: 'By the end of service, earliest first, expired ones included.' },
    NAME: { description: 'By name, ignoring case and accents.' },
  } as const,
});

interface Filter {
  readonly search?: string | null | undefined;
  readonly status?: StatusName | null | undefined;
  readonly serviceFailed?: boolean | null | undefined;
  readonly paidTerm?: boolean | null | undefined;
  readonly expiringFrom?: Date | null | undefined;
  readonly expiringBefore?: Date | null | undefined;
}

/** Prisma's condition for the customers that a filter selects. */
async function whereOf(
  ctx: Context,
  panel: RowId,
  { expiringBefore, expiringFrom, paidTerm, search, serviceFailed, status }: Filter,
): Promise<Prisma.CustomerWhereInput> {
  return {
    AND: [
      isMasked(ctx) ? customerNameContains(search) : customerContains(search),
      expiringFrom ? { expiresAt: { gte: expiringFrom } } : {},
      expiringBefore ? { expiresAt: { lt: expiringBefore } } : {},
      paidTerm ? { isTrial: false, canceledAt: null } : {},
      serviceFailed ? { id: { in: await failedServices(ctx.ports.sql, panel) } } : {},
      status ? whereStatus(status, await momentOf(ctx)) : {},
    ],
  };
}

interface PageQuery {
  readonly where: Prisma.CustomerWhereInput;
  readonly orderBy: Prisma.CustomerOrderByWithRelationInput | Prisma.CustomerOrderByWithRelationInput[];
  readonly take: number;
}

interface Plan {
  readonly query: PageQuery;
  connect<Row extends Ordered>(rows: Row[], count: () => Promise<number>): Connection<Row>;
}

/** The columns by which customers are ordered. */
interface Ordered {
  readonly id: string;
  readonly expiresAt: Date;
  readonly sortKey: string;
}

/** Plans a page in the requested order. Every order has an index. */
function plan(args: PageArgs & { readonly order: typeof CustomerOrder.$inferType }): Plan {
  const planned = <Key>(kind: CursorKind<Key>, query: (page: Page<Key>) => PageQuery, keyOf: (row: Ordered) => Key): Plan => {
    const page = readPage(args, kind);
    return { query: query(page), connect: (rows, count) => toConnection(rows, page, kind, keyOf, count) };
  };
  switch (args.order) {
    case 'NEWEST':
      return planned(BY_ID_DOWN, newestPage, ({ id }) => id);
    case 'OLDEST':
      return planned(BY_ID, idPage, ({ id }) => id);
    case 'EXPIRING':
      return planned(
        BY_END,
        (page) => valuePage(page, (expiresAt) => ({ expiresAt })),
        ({ expiresAt, id }) => ({ value: expiresAt, id }),
      );
    case 'NAME':
      return planned(
        BY_NAME,
        (page) => valuePage(page, (sortKey) => ({ sortKey })),
        ({ id, sortKey }) => ({ value: sortKey, id }),
      );
  }
}

builder.prismaObjectField(Reseller, 'customers', (t) =>
  t.connection(
    {
      type: Customer,
      nullable: true,
      description: "The panel's customers. For any panel other than the viewer's own: null with FORBIDDEN (R18).",
      authScopes: (reseller, _args, ctx) => {
        if (!ownsCustomers(ctx, reseller)) throw new Forbidden('Only a panel itself may see its customers.');
        return { unlocked: true };
      },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        search: t.arg.string({
          description:
            'Returns only customers whose name or contact contains this text, ignoring case and accents. In a support session only names.',
        }),
        status: t.arg({ type: CustomerStatus, description: 'Returns only customers with this status.' }),
        serviceFailed: t.arg.boolean({
          description: `If true, returns only customers whose service has the status FAILED: at most the ${MAX_FAILED} that failed last.`,
        }),
        paidTerm: t.arg.boolean({
          description:
            'If true, returns only customers to whom a renewal can be offered: not on trial and not canceled, served or expired.',
        }),
        expiringFrom: t.arg({
          type: 'DateTime',
          description: 'Returns only customers whose service ends, or ended, at this time or later.',
        }),
        expiringBefore: t.arg({ type: 'DateTime', description: 'Returns only customers whose service ends, or ended, before this time.' }),
        order: t.arg({ type: CustomerOrder, required: true, defaultValue: 'NEWEST', description: 'The order of the list.' }),
      },
      resolve: async ({ id: resellerId, tenantId }, args, ctx, info) => {
        const { connect, query } = plan(args);
        const asked = await whereOf(ctx, { tenantId, id: resellerId }, args);
        const { customer } = ctx.ports.prisma;
        const rows = await customer.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'Customer', path: ['edges', 'node'] }),
          ...query,
          where: { tenantId, resellerId, AND: [asked, query.where] },
        });
        return connect(rows, () => customer.count({ where: { tenantId, resellerId, ...asked } }));
      },
    },
    CustomerConnection,
  ),
);

export function findCustomer(ctx: Context, { tenantId, id }: Pick<Named, 'tenantId' | 'id'>, query: object) {
  return ctx.ports.prisma.customer.findUnique({ ...query, where: { tenantId_id: { tenantId, id }, ...visibleCustomers(ctx) } });
}

builder.queryField('customer', (t) =>
  t.prismaField({
    type: Customer,
    nullable: true,
    description: "A customer by its id. Null if the id is unknown or names another panel's customer (R18).",
    authScopes: { unlocked: true },
    args: { id: t.arg.id({ required: true, description: 'The id of a customer.' }) },
    resolve: (query, _root, { id }, ctx) => {
      const named = decodeIdOf(ctx, 'Customer', id);
      return named && findCustomer(ctx, named, query);
    },
  }),
);

builder.prismaObjectField(Transfer, 'customer', (t) =>
  t.field({
    type: Customer,
    nullable: true,
    description: "The customer on whom the credits were spent. Null if there is none, or if it is another panel's customer (R18).",
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, customerId: true },
    resolve: async ({ customerId, tenantId }, _args, ctx) => {
      if (customerId === null) return null;
      const [customer, locked] = await Promise.all([loadersOf(ctx).customer.load({ tenantId, id: customerId }), isClosedByLock(ctx)]);
      return customer === null || locked || !ownsCustomers(ctx, { tenantId, id: customer.resellerId }) ? null : customer;
    },
  }),
);
