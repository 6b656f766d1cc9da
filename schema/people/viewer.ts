/** The types User and Viewer, the query viewer, and the mutations signIn and signOut. */

import { signIn } from '../../src/domain/identity/sign-in.ts';
import { signOut } from '../../src/domain/identity/sign-out.ts';
import type { Actor, Role as RoleName } from '../../src/kernel/actor.ts';
import { BadUserInput, InvalidCredentials, InvalidInput, OtpRequired, RateLimited } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { Role, SessionTransport } from '../core/enums.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { clearCaches, reached, viewerOf } from '../core/scopes.ts';
import { panelWithStatement } from '../credits/statement-fast-path.ts';
import { Reseller } from '../resellers/reseller.ts';

export interface UserRow {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly role: RoleName;
}

export const User = builder.objectRef<UserRow>('User').implement({
  description: 'A person who signs in.',
  interfaces: [Node],
  ...reached('id', 'email', 'role', 'createdAt', 'disabled', 'totpEnabled', 'mustChangePassword', 'lastSignInAt'),
  fields: (t) => ({
    id: t.id(idField('User', (user) => user)),
    email: t.exposeString('email', { description: 'The e-mail in lower case, unique on the platform.' }),
    role: t.expose('role', { type: Role, description: "The user's rights." }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the user was created.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (user, _args, ctx) => (await factsOf(ctx, user)).createdAt,
    }),
    disabled: t.boolean({
      description: 'Whether the user is disabled and cannot sign in.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (user, _args, ctx) => (await factsOf(ctx, user)).disabledAt !== null,
    }),
    totpEnabled: t.boolean({
      description: 'Whether signing in requires a one-time code.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (user, _args, ctx) => (await factsOf(ctx, user)).totpConfirmedAt !== null,
    }),
    mustChangePassword: t.boolean({
      description:
        'Whether the user has a one-time password. Until it is changed, everything else is refused: PASSWORD_CHANGE_REQUIRED (R41).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (user, _args, ctx) => (await factsOf(ctx, user)).oneTimePasswordUntil !== null,
    }),
    lastSignInAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the user last signed in. Null if the user has not signed in since the server records this.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (user, _args, ctx) => (await factsOf(ctx, user)).lastSignInAt,
    }),
  }),
});

async function factsOf(ctx: Context, { tenantId, id }: UserRow) {
  const facts = await loadersOf(ctx).appUser.load({ tenantId, id });
  return facts ?? Promise.reject(new Error('a user that was read a moment ago is gone'));
}

/** The viewer's own user. In a support session, the user who opened it. */
export function ownUser({ email, role, support, tenantId, userId }: Actor): UserRow {
  if (support !== null) return { tenantId: support.openerTenantId, id: userId, email, role: support.openerRole };
  return { tenantId, id: userId, email, role };
}

export const Viewer = builder.objectRef<Actor>('Viewer').implement({
  description: 'The signed-in user, API key or support session, with the panel that it acts for.',
  ...reached('user', 'role'),
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The signed-in user. For an API key, the user who created it. In a support session, the user who opened it.',
      resolve: ownUser,
    }),
    reseller: t.prismaField({
      type: Reseller,
      nullable: true,
      description: 'The panel that the viewer acts for. Null for the platform.',
      // The scope is checked here too, because signIn returns a viewer who may have to change the password first.
      authScopes: { signedIn: true },
      resolve: async (query, { panel, tenantId }, _args, ctx) => {
        if (panel === null) return null;
        const read = await panelWithStatement(ctx, { tenantId, id: panel.id }, query);
        return read ?? ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id: panel.id } } });
      },
    }),
    role: t.expose('role', { type: Role, description: "The viewer's rights." }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'The signed-in viewer.',
    authScopes: { signedIn: true },
    resolve: (_root, _args, ctx) => viewerOf(ctx),
  }),
);

const SignInInput = builder.inputType('SignInInput', {
  description: 'The credentials, and how the session token is sent.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The e-mail, in upper or lower case.' }),
    password: t.string({ required: true, description: 'The password: 10 to 128 characters.' }),
    otp: t.string({ description: 'A code of the authenticator app or a recovery code, if the user has turned on one-time codes.' }),
    transport: t.field({ type: SessionTransport, required: true, defaultValue: 'BEARER', description: 'How the session token is sent.' }),
  }),
});

interface SignedIn {
  readonly token: string | null;
  readonly expiresAtMs: number;
  readonly actor: Actor;
}

const SignInPayload = builder.objectRef<SignedIn>('SignInPayload').implement({
  description: 'The session was opened.',
  ...reached('token', 'expiresAt', 'viewer'),
  fields: (t) => ({
    token: t.exposeString('token', { nullable: true, description: 'The session token, returned only once. Null with COOKIE.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the session ends if it is not used. Each use extends it, up to a limit.',
      resolve: ({ expiresAtMs }) => new Date(expiresAtMs),
    }),
    viewer: t.field({ type: Viewer, description: 'The viewer who is now signed in.', resolve: ({ actor }) => actor }),
  }),
});

mutation('signIn', {
  description: 'Opens a session. Failures are counted for each e-mail and each network address. After too many: RateLimitedError.',
  // Open to signed-out clients.
  who: {},
  input: SignInInput,
  argument: 'The credentials.',
  payload: SignInPayload,
  refusals: [InvalidInput, InvalidCredentials, OtpRequired, RateLimited],
  result: 'The session, or why it was not opened.',
  run: async ({ email, otp, password, transport }, ctx) => {
    const { cookies } = ctx;
    const byCookie = transport === 'COOKIE';
    if (byCookie && cookies === null) throw new BadUserInput('input.transport', 'COOKIE needs an HTTP request.');
    const { actor, expiresAtMs, token } = await signIn(ctx.ports, {
      email,
      password,
      otp,
      address: ctx.address,
      userAgent: ctx.userAgent,
    });
    if (byCookie) cookies?.set(token, expiresAtMs);
    // Later fields of the same operation are resolved for the user who has just signed in.
    ctx.actor = actor;
    return { token: byCookie ? null : token, expiresAtMs, actor };
  },
});

const SignOutPayload = builder.objectRef<{ readonly ok: boolean }>('SignOutPayload').implement({
  description: 'The session has ended.',
  ...reached('ok'),
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true.' }) }),
});

builder.mutationField('signOut', (t) =>
  t.field({
    type: SignOutPayload,
    description:
      'Ends the session of this request: its token is refused at once and its WebSockets close. In a support session, ends only the support session.',
    authScopes: { session: true, passwordChange: true },
    resolve: async (_root, _args, ctx) => {
      const viewer = viewerOf(ctx);
      await signOut(ctx.ports, viewer);
      if (viewer.support === null) ctx.cookies?.clear();
      else ctx.cookies?.clearSupport();
      ctx.actor = null;
      clearCaches(ctx);
      return { ok: true };
    },
  }),
);
