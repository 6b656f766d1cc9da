/** The platform's mutations createTenant and issueCredits. */

import { CREATE_TENANT_ROLES, createTenant } from '../../src/domain/tenant/create-tenant.ts';
import { ISSUE_ROLES, issueCredits } from '../../src/domain/tenant/issue-credits.ts';
import { AlreadyExists, Forbidden, IdempotencyConflict, InvalidInput, InvalidState, NotFound } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY, REPLAYED } from '../core/descriptions.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { accountOf, createdResellerKey, type Done, isReplayed, transferOf } from '../core/posted.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Reseller } from '../resellers/reseller.ts';

const CreateTenantInput = builder.inputType('CreateTenantInput', {
  description: 'A tenant to create.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the tenant and its root panel: 1 to 100 characters.' }),
    ownerEmail: t.string({ required: true, description: "The e-mail of the root panel's owner; unique on the platform." }),
    ownerPassword: t.string({ required: true, description: "The owner's first password: 10 to 128 characters." }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const CreateTenantPayload = builder.objectRef<Done>('CreateTenantPayload').implement({
  description: 'The tenant was created.',
  ...reached('reseller', 'replayed'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      description: 'The root panel. It is locked, because it has no credits yet (R27).',
      resolve: (query, done, _args, { ports: { prisma } }) =>
        prisma.reseller.findUniqueOrThrow({ ...query, where: createdResellerKey(done) }),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

mutation('createTenant', {
  description: 'Creates a tenant: its root panel without credits, and the owner of that panel. For the platform.',
  who: { role: CREATE_TENANT_ROLES },
  input: CreateTenantInput,
  argument: 'The tenant to create.',
  payload: CreateTenantPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, AlreadyExists],
  result: 'The tenant, or why it was not created.',
  run: (input, ctx) => createTenant(ctx.ports, viewerOf(ctx), input),
});

const IssueCreditsInput = builder.inputType('IssueCreditsInput', {
  description: 'Credits to issue.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'The panel that receives the credits.' }),
    amount: t.field({ type: 'Credits', required: true, description: 'The number of credits: 1 to 1,000,000,000 (R36).' }),
    memo: t.string({ description: 'A note of up to 500 characters.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const IssueCreditsPayload = builder.objectRef<Done>('IssueCreditsPayload').implement({
  description: 'The credits were issued.',
  ...reached('transfer', 'to', 'replayed'),
  fields: (t) => ({
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the credits.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
    to: t.field({
      type: Account,
      description: 'The account that received the credits, after the transfer.',
      resolve: ({ to }) => accountOf(to),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

mutation('issueCredits', {
  description: 'Issues credits to a panel. Credits enter a tenant only by this mutation, by purchases and by imports. For the platform.',
  who: { role: ISSUE_ROLES },
  input: IssueCreditsInput,
  argument: 'The credits to issue.',
  payload: IssueCreditsPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, NotFound, InvalidState],
  result: 'The issued credits, or why none were issued.',
  run: (input, ctx) => issueCredits(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Reseller', input.resellerId)),
});
