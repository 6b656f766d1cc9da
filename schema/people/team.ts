/** A panel's team: its list and its mutations. */

import { inviteUser, TEAM_ROLES, type TeamUser } from '../../src/domain/identity/invite-user.ts';
import { updateUser } from '../../src/domain/identity/update-user.ts';
import { AlreadyExists, Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, idPage, readPage, toConnection } from '../core/connection.ts';
import { Role } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { actingOf, forget, reached } from '../core/scopes.ts';
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
  fields: (t) => ({ user: t.field({ type: User, description: 'The new user.', resolve: (user) => user }) }),
});

builder.mutationField('inviteUser', (t) =>
  t.field({
    type: InviteUserPayload,
    description: "Makes another user of the viewer's panel. For its OWNERs.",
    authScopes: { person: true, role: TEAM_ROLES },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, AlreadyExists, InvalidState],
      union: { name: 'InviteUserResult', description: 'The user, or why there is none.' },
    },
    args: { input: t.arg({ type: InviteUserInput, required: true, description: 'The user to make.' }) },
    resolve: async (_root, { input }, ctx) => {
      const user = await inviteUser(ctx.ports, actingOf(ctx), input);
      forget(ctx);
      return user;
    },
  }),
);

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

builder.mutationField('updateUser', (t) =>
  t.field({
    type: UpdateUserPayload,
    description:
      'Changes the role of a user of the panel, disables or enables it; its rights follow at once. The last enabled OWNER stays. For OWNERs.',
    authScopes: { person: true, role: TEAM_ROLES },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, NotFound, InvalidState],
      union: { name: 'UpdateUserResult', description: 'The user, or why it was not changed.' },
    },
    args: { input: t.arg({ type: UpdateUserInput, required: true, description: 'Whom to change, and how.' }) },
    resolve: async (_root, { input: { userId, role, disabled } }, ctx) => {
      const user = await updateUser(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'User', userId), { role, disabled });
      forget(ctx);
      return user;
    },
  }),
);
