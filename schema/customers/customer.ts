/** The type Customer, a panel's customers as a connection, and the query customer. */

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
  orWholeRows,
  type Page,
  type PageArgs,
  readPage,
  toConnection,
  unlessBad,
  valuePage,
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
  description: 'A part of a paid term with one number of screens. It begins where the one before ends.',
  ...reached('screens', 'endsAt'),
  fields: (t) => ({
    screens: t.exposeInt('screens', { description: 'On how many screens the service runs at once.' }),
    endsAt: t.field({
      type: 'DateTime',
      description: 'When this span ends, and the next begins.',
      resolve: ({ endsAtMs }) => new Date(endsAtMs),
    }),
  }),
});

export const Customer = builder.prismaObject('Customer', {
  description: 'Someone whom a panel serves, for credits or for a few hours on trial. Seen by that panel only.',
  interfaces: [Node],
  ...reached(
    ...['id', 'name', 'contact', 'notes', 'status', 'screens', 'nextScreens', 'screensChangeAt', 'spans', 'expiresAt', 'creditsSpent'],
    ...['history', 'reseller', 'createdAt', 'muted'],
  ),
  fields: (t) => ({
    id: t.id(idField('Customer', (customer) => customer)),
    name: t.exposeString('name', { description: 'What the customer is called.' }),
    contact: t.string({
      nullable: true,
      description: 'A phone number, an e-mail, or whatever the panel wrote. Masked in a support session.',
      resolve: ({ contact }, _args, ctx) => unlessMasked(ctx, contact),
    }),
    notes: t.string({
      nullable: true,
      description: "The panel's own notes. Masked in a support session.",
      resolve: ({ notes }, _args, ctx) => unlessMasked(ctx, notes),
    }),
    status: t.field({
      type: CustomerStatus,
      description: 'How the customer stands now.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => statusOf(customer, await momentOf(ctx)),
    }),
    screens: t.int({
      description: 'On how many screens the service may run at once now; once it has ended, on how many it ran last.',
      resolve: (customer, _args, ctx) => screensNow(customer, () => momentOf(ctx)),
    }),
    nextScreens: t.exposeInt('nextScreens', {
      description: 'The number of screens from `screensChangeAt` on, at which the next renewal is priced.',
    }),
    screensChangeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When what is paid for with other screens ends, and `nextScreens` begin. null: no change waits.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => screensChange(customer, await momentOf(ctx)),
    }),
    spans: t.field({
      type: [ScreenSpan],
      description: 'What is paid for from now on, in order: how many screens, and until when. Empty once the service has ended.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (customer, _args, ctx) => paidSpans(customer, await momentOf(ctx)),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the service ends.' }),
    creditsSpent: t.expose('creditsSpent', { type: 'Credits', description: 'Credits spent on the customer, net of refunds.' }),
    reseller: t.relation('reseller', { description: 'The panel that serves the customer.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the customer was made.' }),
    muted: t.exposeBoolean('muted', { description: 'Whether it gets no reminders.' }),
    history: t.connection(
      {
        type: Transfer,
        description: 'What was spent on the customer and refunded, newest first.',
        complexity: connectionComplexity,
        select: (args, _ctx, nested) => {
          const query = unlessBad(() => newestPage(readPage(args, BY_ID)));
          return { transfers: query === null ? { take: 0 } : { ...query, ...orWholeRows(nested(true, ['edges', 'node'])) } };
        },
        resolve: (customer, args) => toConnection(customer.transfers, readPage(args, BY_ID), BY_ID, ({ id }) => id),
      },
      TransferConnection,
    ),
  }),
});

const CustomerConnection = builder.connectionObject(
  { type: Customer, name: 'CustomerConnection', description: 'Customers of a list.' },
  { name: 'CustomerEdge', description: 'A customer and its place in the list.' },
);

const CustomerOrder = builder.enumType('CustomerOrder', {
  description: 'In which order customers are listed.',
  values: {
    NEWEST: { description: 'Newest first.' },
    OLDEST: { description: 'Oldest first.' },
    EXPIRING: { description: 'Those whose service ends, or has ended, first.' },
    NAME: { description: 'By name, in any case and without accents.' },
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

/** Which of a panel's customers are asked for. */
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

/** What customers are ordered by. */
interface Ordered {
  readonly id: string;
  readonly expiresAt: Date;
  readonly sortKey: string;
}

/** A page in the order that is asked for: each is read by an index. */
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
      description: "Its customers. Only of the viewer's own panel: of any other, null with FORBIDDEN.",
      authScopes: (reseller, _args, ctx) => {
        if (!ownsCustomers(ctx, reseller)) throw new Forbidden('The customers of another panel are its own business.');
        return { unlocked: true };
      },
      complexity: (args) => ({ ...connectionComplexity(args), field: STATEMENT_COMPLEXITY }),
      args: {
        search: t.arg.string({ description: 'Only those whose name or contact contains this, in any case, with or without accents.' }),
        status: t.arg({ type: CustomerStatus, description: 'Only those of this status.' }),
        serviceFailed: t.arg.boolean({
          description: `Only those whose service failed and has not followed since; of more than ${MAX_FAILED}, those that failed last.`,
        }),
        paidTerm: t.arg.boolean({
          description: 'Only those with a paid term that was not canceled, whether it runs or has ended: who can be asked to renew.',
        }),
        expiringFrom: t.arg({ type: 'DateTime', description: 'Only those whose service ends, or has ended, at this time or after it.' }),
        expiringBefore: t.arg({ type: 'DateTime', description: 'Only those whose service ends, or has ended, before this time.' }),
        order: t.arg({ type: CustomerOrder, required: true, defaultValue: 'NEWEST', description: 'Which of them come first.' }),
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
    description: "Absent when the id is unknown, or of another panel's customer.",
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
    description: "Whom the credits were spent on; null when on nobody, or on another panel's customer.",
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
