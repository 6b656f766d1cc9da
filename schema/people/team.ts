/** A panel's team: its list and its mutations. */

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

/** What is read of a user; the reading role may not see the rest. */
export const USER_COLUMNS = { tenantId: true, id: true, email: true, role: true } as const;

const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'Users of a list.' },
  { name: 'UserEdge', description: 'A user and its place in the list.' },
);

builder.objectField(Viewer, 'team', (t) =>
  t.connection(
    {
      type: User,
      nullable: true,
      description: "The users of the viewer's panel, in the order in which they were made. For its OWNERs.",
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

/** Of a panel whose team somebody above it sees: more are not shown. */
const MAX_OWNERS = 100;

builder.prismaObjectField(Reseller, 'owners', (t) =>
  t.field({
    type: [User],
    nullable: true,
    description:
      "Its OWNERs, the first ones first, at most 100: to an OWNER of the panel directly above it, who may reset their access, and to the platform. null of any other panel's.",
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
  description: 'Somebody who should work in the panel.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Unique on the platform.' }),
    password: t.string({ required: true, description: 'The first password, to be handed over and changed: 10 to 128 characters.' }),
    role: t.field({ type: Role, required: true, description: 'OWNER, OPERATOR, FINANCE or VIEWER.' }),
  }),
});

const InviteUserPayload = builder.objectRef<TeamUser>('InviteUserPayload').implement({
  description: 'The user was made.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: 'The user that was added.', resolve: (user) => user }) }),
});

mutation('inviteUser', {
  description: "Makes another user of the viewer's panel. For its OWNERs.",
  who: { person: true, role: TEAM_ROLES },
  input: InviteUserInput,
  argument: 'The user to make.',
  payload: InviteUserPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, AlreadyExists, InvalidState],
  result: 'The user, or why there is none.',
  run: (input, ctx) => inviteUser(ctx.ports, actingOf(ctx), input),
});

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'What should change of a user of the panel.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'One of the team; oneself too.' }),
    role: t.field({ type: Role, description: 'OWNER, OPERATOR, FINANCE or VIEWER; stays when not given.' }),
    disabled: t.boolean({ description: 'Whether the user may not sign in any more; stays when not given.' }),
  }),
});

const UpdateUserPayload = builder.objectRef<TeamUser>('UpdateUserPayload').implement({
  description: 'The user was changed.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: 'The user as it is now.', resolve: (user) => user }) }),
});

mutation('updateUser', {
  description:
    'Changes the role of a user of the panel, disables or enables it; its rights follow at once. The last enabled OWNER stays. For OWNERs.',
  who: { person: true, role: TEAM_ROLES },
  input: UpdateUserInput,
  argument: 'Whom to change, and how.',
  payload: UpdateUserPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound, InvalidState],
  result: 'The user, or why it was not changed.',
  run: ({ userId, role, disabled }, ctx) => updateUser(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'User', userId), { role, disabled }),
});

const ResetUserAccessInput = builder.inputType('ResetUserAccessInput', {
  description: 'Somebody who cannot get in.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description: "One of the viewer's team, but for oneself; or an OWNER of a direct child (the platform: of a root).",
    }),
  }),
});

const ResetUserAccessPayload = builder.objectRef<AccessReset>('ResetUserAccessPayload').implement({
  description: 'The access was reset.',
  ...reached('user', 'oneTimePassword'),
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user, who must change the password before anything else.', resolve: ({ user }) => user }),
    oneTimePassword: t.exposeString('oneTimePassword', {
      description: 'To be handed over: shown once. It is worth nothing once it is changed, and after 24 hours.',
    }),
  }),
});

mutation('resetUserAccess', {
  description:
    'Gives a user a one-time password, turns its one-time codes off and ends its sessions. API keys stay. For OWNERs: of their own team, locked or not, and of the OWNERs of a direct child; for the platform: of the OWNERs of a root. Both audit logs tell it.',
  who: { person: true, role: RESET_ROLES },
  input: ResetUserAccessInput,
  argument: 'The user whose access is reset.',
  payload: ResetUserAccessPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The one-time password, or why there is none.',
  run: ({ userId }, ctx) => resetUserAccess(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'User', userId)),
});
