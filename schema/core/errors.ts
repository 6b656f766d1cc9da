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

/** A refusal's class is its GraphQL type without the word Error. */
const ErrorInterface = builder.interfaceRef<Refusal>('Error').implement({
  description: 'Why something was not done.',
  resolveType: (refusal) => `${refusal.name}Error`,
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable and upper case: for programs.' }),
    message: t.exposeString('message', { description: 'For a developer to read.' }),
  }),
});

const interfaces = [ErrorInterface];
const plain = reached('code', 'message');

const FieldError = builder.objectRef<FieldProblem>('FieldError').implement({
  description: 'What is wrong with one field of the input.',
  ...reached('path', 'message'),
  fields: (t) => ({
    path: t.exposeString('path', { description: 'From the root of the arguments, as `input.amount`.' }),
    message: t.exposeString('message', { description: 'For a developer to read.' }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  description: 'INVALID_INPUT: values of the right type that no rule allows.',
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
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'Seconds until another attempt is taken.' }),
  }),
});

builder.objectType(PanelLocked, {
  name: 'PanelLockedError',
  description: 'PANEL_LOCKED: the balance is 0, so the panel can only buy credits.',
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
  description: 'INSUFFICIENT_CREDITS: the balance does not cover it.',
  interfaces,
  ...reached('code', 'message', 'required', 'balance'),
  fields: (t) => ({
    required: t.expose('required', { type: 'Credits', description: 'Credits that it takes.' }),
    balance: t.expose('balance', { type: 'Credits', description: 'Credits that the panel has.' }),
  }),
});

builder.objectType(WouldUseReserve, {
  name: 'WouldUseReserveError',
  description: 'WOULD_USE_RESERVE: it would leave less than what the panel keeps in reserve, and its input does not say `useReserve`.',
  interfaces,
  ...reached('code', 'message', 'reserve', 'balanceAfter'),
  fields: (t) => ({
    reserve: t.expose('reserve', { type: 'Credits', description: 'Credits kept in reserve.' }),
    balanceAfter: t.expose('balanceAfter', { type: 'Credits', description: 'The balance it would leave.' }),
  }),
});

builder.objectType(BelowMinimum, {
  name: 'BelowMinimumError',
  description: 'BELOW_MINIMUM: fewer credits than it takes at least.',
  interfaces,
  ...reached('code', 'message', 'minimum'),
  fields: (t) => ({
    minimum: t.expose('minimum', { type: 'Credits', description: 'The least number of credits.' }),
  }),
});

builder.objectType(LimitReached, {
  name: 'LimitReachedError',
  description: 'LIMIT_REACHED: as many are there as are allowed, or there would be more.',
  interfaces,
  ...reached('code', 'message', 'limit', 'allowed', 'used'),
  fields: (t) => ({
    limit: t.exposeString('limit', {
      description: 'Which limit: for programs. `undosPerDay`, or the name of a field of `ResellerLimits`.',
    }),
    allowed: t.exposeInt('allowed', { description: 'How many are allowed.' }),
    used: t.exposeInt('used', {
      description:
        'How many are there already; for screens and moves: how many there would be. No more than `allowed` where the limit is of a panel above your own.',
    }),
  }),
});

/** A copy that is no Error: executors take an Error that a resolver answers for one that it threw. */
function asAnswer(refusal: Refusal): Refusal {
  return { ...refusal, name: refusal.name, message: refusal.message };
}

builder.objectType(BatchRefused, {
  name: 'BatchRefusedError',
  description: 'BATCH_REFUSED: an ATOMIC batch was refused, and nothing was written.',
  interfaces,
  ...reached('code', 'message', 'index', 'cause'),
  fields: (t) => ({
    index: t.exposeInt('index', {
      description:
        'The place of the refused item in the input, from 0: of the first whose values are refused, else of the first that is refused at all.',
    }),
    cause: t.field({ type: ErrorInterface, description: 'Why it was refused.', resolve: (error) => asAnswer(error.cause) }),
  }),
});

builder.objectType(InvalidCredentials, {
  name: 'InvalidCredentialsError',
  description: 'INVALID_CREDENTIALS: unknown e-mail or wrong password.',
  interfaces,
  ...plain,
});
builder.objectType(OtpRequired, {
  name: 'OtpRequiredError',
  description: 'OTP_REQUIRED: the password is right, and a one-time password is needed too.',
  interfaces,
  ...plain,
});
builder.objectType(Forbidden, { name: 'ForbiddenError', description: 'FORBIDDEN: the role does not allow it.', interfaces, ...plain });
builder.objectType(NotFound, {
  name: 'NotFoundError',
  description: "NOT_FOUND: unknown, malformed, or none of the viewer's business.",
  interfaces,
  ...plain,
});
builder.objectType(PanelSuspended, {
  name: 'PanelSuspendedError',
  description: 'PANEL_SUSPENDED: the panel, or one above it, is suspended: it may sign in, read, pay and receive.',
  interfaces,
  ...plain,
});
builder.objectType(NotDirectChild, {
  name: 'NotDirectChildError',
  description: 'NOT_DIRECT_CHILD: credits go to a direct child only.',
  interfaces,
  ...plain,
});
builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflictError',
  description: 'IDEMPOTENCY_CONFLICT: the key was used before with another input.',
  interfaces,
  ...plain,
});
builder.objectType(AlreadyExists, {
  name: 'AlreadyExistsError',
  description: 'ALREADY_EXISTS: something that must be unique is taken.',
  interfaces,
  ...plain,
});
builder.objectType(TrialRefused, {
  name: 'TrialRefusedError',
  description: 'TRIAL_QUOTA: too many trials in 24 hours. TRIAL_ALREADY_USED: the contact had its trial.',
  interfaces,
  ...plain,
});
builder.objectType(InvalidState, {
  name: 'InvalidStateError',
  description: 'INVALID_STATE: not as things stand.',
  interfaces,
  ...plain,
});
