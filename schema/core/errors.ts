/** The GraphQL error types, one for each refusal of the kernel. */

import {
  AlreadyExists,
  BatchRefused,
  BelowMinimum,
  type FieldProblem,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidCredentials,
  InvalidInput,
  InvalidState,
  LimitReached,
  NotDirectChild,
  NotFound,
  OtpRequired,
  PanelLocked,
  PanelSuspended,
  RateLimited,
  type Refusal,
  TrialRefused,
  WouldUseReserve,
} from '../../src/kernel/errors.ts';
import { Account } from '../credits/account.ts';
import { builder } from './builder.ts';
import { reached } from './scopes.ts';

/** The GraphQL type of a refusal is named like its class, with the suffix Error. */
const ErrorInterface = builder.interfaceRef<Refusal>('Error').implement({
  description: 'A refusal: why the operation was not done.',
  resolveType: (refusal) => `${refusal.name}Error`,
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable and in upper case, for programs.' }),
    message: t.exposeString('message', { description: 'An explanation in English, for developers.' }),
  }),
});

const interfaces = [ErrorInterface];
const plain = reached('code', 'message');

const FieldError = builder.objectRef<FieldProblem>('FieldError').implement({
  description: 'A problem with one field of the input.',
  ...reached('path', 'message'),
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The path from the root of the arguments, for example `input.amount`.' }),
    message: t.exposeString('message', { description: 'An explanation in English, for developers.' }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  description: 'INVALID_INPUT: values have the right type but break a rule.',
  interfaces,
  ...reached('code', 'message', 'fields'),
  fields: (t) => ({
    fields: t.field({ type: [FieldError], description: 'Every field at fault.', resolve: (error) => error.fields }),
  }),
});

builder.objectType(RateLimited, {
  name: 'RateLimitedError',
  description: 'RATE_LIMITED: too many attempts.',
  interfaces,
  ...reached('code', 'message', 'retryAfterSeconds'),
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'Seconds until the next attempt is allowed.' }),
  }),
});

builder.objectType(PanelLocked, {
  name: 'PanelLockedError',
  description: 'PANEL_LOCKED: the balance is 0, so the panel can only buy credits (R8).',
  interfaces,
  ...reached('code', 'message', 'account'),
  fields: (t) => ({
    account: t.prismaField({
      type: Account,
      description: "The viewer's own account.",
      resolve: (query, { account }, _args, ctx) =>
        ctx.ports.prisma.account.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId: account.tenantId, id: account.id } } }),
    }),
  }),
});

builder.objectType(InsufficientCredits, {
  name: 'InsufficientCreditsError',
  description: 'INSUFFICIENT_CREDITS: the balance does not cover the cost.',
  interfaces,
  ...reached('code', 'message', 'required', 'balance'),
  fields: (t) => ({
    required: t.expose('required', { type: 'Credits', description: 'The credits that the operation costs.' }),
    balance: t.expose('balance', { type: 'Credits', description: "The panel's balance." }),
  }),
});

builder.objectType(WouldUseReserve, {
  name: 'WouldUseReserveError',
  description:
    'WOULD_USE_RESERVE: the balance would fall below the reserve that the panel keeps, and the input does not set `useReserve` (R57).',
  interfaces,
  ...reached('code', 'message', 'reserve', 'balanceAfter'),
  fields: (t) => ({
    reserve: t.expose('reserve', { type: 'Credits', description: 'The credits that the panel keeps in reserve.' }),
    balanceAfter: t.expose('balanceAfter', { type: 'Credits', description: 'The balance that the operation would leave.' }),
  }),
});

builder.objectType(BelowMinimum, {
  name: 'BelowMinimumError',
  description: 'BELOW_MINIMUM: fewer credits than the minimum (R13, R26).',
  interfaces,
  ...reached('code', 'message', 'minimum'),
  fields: (t) => ({
    minimum: t.expose('minimum', { type: 'Credits', description: 'The smallest number of credits that is allowed.' }),
  }),
});

builder.objectType(LimitReached, {
  name: 'LimitReachedError',
  description: 'LIMIT_REACHED: the operation would exceed a limit of the rules or of a panel above (R56).',
  interfaces,
  ...reached('code', 'message', 'limit', 'allowed', 'used'),
  fields: (t) => ({
    limit: t.exposeString('limit', {
      description: 'The name of the limit, for programs: `undosPerDay`, or the name of a field of `ResellerLimits`.',
    }),
    allowed: t.exposeInt('allowed', { description: 'The limit.' }),
    used: t.exposeInt('used', {
      description:
        'The number in use; for screens and moves, the number that would be in use. At most `allowed` if a panel above yours set the limit, because the true number is not yours to see.',
    }),
  }),
});

/** A copy that is not an Error. Executors treat an Error that a resolver returns as if the resolver had thrown it. */
function asAnswer(refusal: Refusal): Refusal {
  return { ...refusal, name: refusal.name, message: refusal.message };
}

builder.objectType(BatchRefused, {
  name: 'BatchRefusedError',
  description: 'BATCH_REFUSED: an ATOMIC batch was refused and nothing was written.',
  interfaces,
  ...reached('code', 'message', 'index', 'cause'),
  fields: (t) => ({
    index: t.exposeInt('index', {
      description:
        'The index of the refused item in the input, from 0: the first item whose values are refused, otherwise the first refused item (R35).',
    }),
    cause: t.field({ type: ErrorInterface, description: 'Why that item was refused.', resolve: (error) => asAnswer(error.cause) }),
  }),
});

builder.objectType(InvalidCredentials, {
  name: 'InvalidCredentialsError',
  description: 'INVALID_CREDENTIALS: unknown e-mail, wrong password, or an invalid code or token.',
  interfaces,
  ...plain,
});
builder.objectType(OtpRequired, {
  name: 'OtpRequiredError',
  description: 'OTP_REQUIRED: the password is right, but a one-time code is required too.',
  interfaces,
  ...plain,
});
builder.objectType(Forbidden, {
  name: 'ForbiddenError',
  description: 'FORBIDDEN: the role, API key or session does not allow this.',
  interfaces,
  ...plain,
});
builder.objectType(NotFound, {
  name: 'NotFoundError',
  description: 'NOT_FOUND: the id is unknown, malformed, or names an object that the viewer may not see (R18).',
  interfaces,
  ...plain,
});
builder.objectType(PanelSuspended, {
  name: 'PanelSuspendedError',
  description: 'PANEL_SUSPENDED: the panel, or one above it, is suspended. It may only sign in, read, pay and receive (R11).',
  interfaces,
  ...plain,
});
builder.objectType(NotDirectChild, {
  name: 'NotDirectChildError',
  description: 'NOT_DIRECT_CHILD: the panel is in the branch, but is not a direct child (R14).',
  interfaces,
  ...plain,
});
builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflictError',
  description: 'IDEMPOTENCY_CONFLICT: the key was used before with another input (R31).',
  interfaces,
  ...plain,
});
builder.objectType(AlreadyExists, {
  name: 'AlreadyExistsError',
  description: 'ALREADY_EXISTS: a value that must be unique is already in use.',
  interfaces,
  ...plain,
});
builder.objectType(TrialRefused, {
  name: 'TrialRefusedError',
  description: 'TRIAL_QUOTA: too many trials in 24 hours. TRIAL_ALREADY_USED: the contact had a trial, or is not a new contact (R24).',
  interfaces,
  ...plain,
});
builder.objectType(InvalidState, {
  name: 'InvalidStateError',
  description: 'INVALID_STATE: the current state of the object does not allow this. `message` says why.',
  interfaces,
  ...plain,
});
