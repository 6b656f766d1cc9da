/** A panel's team: its list and its mutations. */

import { inviteUser, TEAM_ROLES, type TeamUser } from '../../src/domain/identity/invite-user.ts';
import { updateUser } from '../../src/domain/identity/update-user.ts';
import { AlreadyExists, Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, idPage, readPage, toConnection } from '../core/connection.ts';
import { Role } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
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
