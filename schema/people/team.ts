/** A panel's team: the list of its users, and the mutations on them. */

import { inviteUser, TEAM_ROLES, type TeamUser } from '../../src/domain/identity/invite-user.ts';
import { type AccessReset, RESET_ROLES, resetUserAccess } from '../../src/domain/identity/reset-user-access.ts';
import { updateUser } from '../../src/domain/identity/update-user.ts';
import {
  AlreadyExists,
  Forbidden,
  InvalidInput,
  InvalidState,
  NotDirectChild,
  NotFound,
  PanelLocked,
  PanelSuspended,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, idPage, readPage, toConnection } from '../core/connection.ts';
import { Role } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { Reseller } from '../resellers/reseller.ts';
import { User, Viewer } from './viewer.ts';

/** The columns that are read of a user. The database role for reads may not read the others. */
export const USER_COLUMNS = { tenantId: true, id: true, email: true, role: true } as const;

const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'A page of users.' },
  { name: 'UserEdge', description: 'A user and its cursor.' },
);

builder.objectField(Viewer, 'team', (t) =>
  t.connection(
    {
      type: User,
      nullable: true,
      description: "The users of the viewer's panel, oldest first. For OWNER.",
      authScopes: { person: true, reads: TEAM_ROLES, unlocked: true },
      complexity: connectionComplexity,
      resolve: async ({ panel, tenantId }, args, { ports: { prisma } }) => {
        const page = readPage(args, BY_ID);
        const { where, ...query } = idPage(page);
        const ofPanel = { ...where, tenantId, resellerId: panel?.id ?? null };
        const rows = await prisma.appUser.findMany({ ...query, where: ofPanel, select: USER_COLUMNS });
        return toConnection(rows, page, BY_ID, ({ id }) => id);
      },
    },
    UserConnection,
  ),
);

/** The most OWNERs of a child panel that `Reseller.owners` returns. */
const MAX_OWNERS = 100;

builder.prismaObjectField(Reseller, 'owners', (t) =>
  t.field({
    type: [User],
    nullable: true,
    description:
      "The panel's OWNERs, oldest first, at most 100. Only an OWNER of the panel directly above, who may reset their access, and the platform see them. Null for all other panels.",
    authScopes: { person: true, reads: RESET_ROLES, unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true, parentId: true },
    resolve: ({ id, parentId, tenantId }, _args, ctx) => {
      const { panel, role } = viewerOf(ctx);
      if (role !== 'PLATFORM' && (panel === null || parentId !== panel.id)) return null;
      const where = { tenantId, resellerId: id, role: 'OWNER' } as const;
      return ctx.ports.prisma.appUser.findMany({ where, select: USER_COLUMNS, orderBy: { id: 'asc' }, take: MAX_OWNERS });
    },
  }),
);

const InviteUserInput = builder.inputType('InviteUserInput', {
  description: 'A user to add to the panel.',
  fields: (t) => ({
    email: t.string({ required: true, description: "The user's e-mail, unique on the platform." }),
    password: t.string({ required: true, description: "The user's first password: 10 to 128 characters. The user should change it." }),
    role: t.field({ type: Role, required: true, description: 'OWNER, OPERATOR, FINANCE or VIEWER.' }),
  }),
});

const InviteUserPayload = builder.objectRef<TeamUser>('InviteUserPayload').implement({
  description: 'The user was added.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: 'The new user.', resolve: (user) => user }) }),
});

mutation('inviteUser', {
  description: "Adds a user to the viewer's panel. For OWNER.",
  who: { person: true, role: TEAM_ROLES },
  input: InviteUserInput,
  argument: 'The user to add.',
  payload: InviteUserPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, AlreadyExists, InvalidState],
  result: 'The user, or why it was not added.',
  run: (input, ctx) => inviteUser(ctx.ports, actingOf(ctx), input),
});

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'The changes of a user of the panel.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'A user of your team, which may be yourself.' }),
    role: t.field({ type: Role, description: 'OWNER, OPERATOR, FINANCE or VIEWER. If not given, it stays.' }),
    disabled: t.boolean({ description: 'If true, the user can no longer sign in. If not given, it stays.' }),
  }),
});

const UpdateUserPayload = builder.objectRef<TeamUser>('UpdateUserPayload').implement({
  description: 'The user was changed.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: 'The user as it is now.', resolve: (user) => user }) }),
});

mutation('updateUser', {
  description:
    'Changes the role of a user of the panel, or disables or enables the user. The rights change at once. The last enabled OWNER cannot be disabled or lose the role: INVALID_STATE. For OWNER.',
  who: { person: true, role: TEAM_ROLES },
  input: UpdateUserInput,
  argument: 'The user and the changes.',
  payload: UpdateUserPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound, InvalidState],
  result: 'The user, or why it was not changed.',
  run: ({ userId, role, disabled }, ctx) => updateUser(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'User', userId), { role, disabled }),
});

const ResetUserAccessInput = builder.inputType('ResetUserAccessInput', {
  description: 'A user who has lost access.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description: 'Another user of your team, or an OWNER of a direct child; for the platform, an OWNER of a root.',
    }),
  }),
});

const ResetUserAccessPayload = builder.objectRef<AccessReset>('ResetUserAccessPayload').implement({
  description: 'The access was reset.',
  ...reached('user', 'oneTimePassword'),
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user, who must change the password first after signing in.',
      resolve: ({ user }) => user,
    }),
    oneTimePassword: t.exposeString('oneTimePassword', {
      description: 'The one-time password to give to the user, returned only once. It works for 24 hours, until the user changes it.',
    }),
  }),
});

mutation('resetUserAccess', {
  description:
    'Gives a user a one-time password, turns off its one-time codes and ends its sessions (R41). API keys stay. Both audit logs record it. An OWNER may reset users of the own team, even while locked, and OWNERs of a direct child; the platform may reset OWNERs of a root.',
  who: { person: true, role: RESET_ROLES },
  input: ResetUserAccessInput,
  argument: 'The user whose access is reset.',
  payload: ResetUserAccessPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The one-time password, or why nothing was reset.',
  run: ({ userId }, ctx) => resetUserAccess(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'User', userId)),
});
