/** The viewer's own sessions, password and e-mail. */

import { changeEmail } from '../../src/domain/identity/change-email.ts';
import { changePassword } from '../../src/domain/identity/change-password.ts';
import { type OwnSession, ownSessions, revokeOtherSessions, revokeSession } from '../../src/domain/identity/own-sessions.ts';
import type { RowId } from '../../src/domain/input.ts';
import {
  AlreadyExists,
  Forbidden,
  InvalidCredentials,
  InvalidInput,
  InvalidState,
  NotFound,
  PanelLocked,
  RateLimited,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { actingOf, clearCaches, reached, viewerOf } from '../core/scopes.ts';
import { ownUser, User, Viewer } from './viewer.ts';

export const Session = builder.objectRef<OwnSession>('Session').implement({
  description: 'One of the sessions in which the viewer is signed in.',
  interfaces: [Node],
  ...reached('id', 'createdAt', 'expiresAt', 'current', 'userAgent', 'address'),
  fields: (t) => ({
    id: t.id(idField('Session', (session) => session)),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the session was opened.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session ends if it is not used before.' }),
    current: t.boolean({
      description: 'Whether this is the session of this request.',
      resolve: ({ id }, _args, ctx) => id === viewerOf(ctx).sessionId,
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'The User-Agent of the browser or program that signed in, cut to 200 characters. Null if it sent none.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The network address from which the user signed in. Null if unknown.',
    }),
  }),
});

builder.objectField(Viewer, 'sessions', (t) =>
  t.field({
    type: [Session],
    nullable: true,
    description: "The viewer's own open sessions, newest first, at most 100.",
    authScopes: { person: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: (actor, _args, ctx) => ownSessions(ctx.ports.sql, actor),
  }),
);

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: "The viewer's present password and the new one.",
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The present password.' }),
    newPassword: t.string({ required: true, description: 'The new password: 10 to 128 characters.' }),
  }),
});

const ChangePasswordPayload = builder.objectRef<{ readonly endedSessions: number }>('ChangePasswordPayload').implement({
  description: 'The password was changed.',
  ...reached('user', 'endedSessions'),
  fields: (t) => ({
    user: t.field({ type: User, description: "The viewer's own user.", resolve: (_done, _args, ctx) => ownUser(viewerOf(ctx)) }),
    endedSessions: t.exposeInt('endedSessions', { description: 'The number of other sessions that were ended.' }),
  }),
});

mutation('changePassword', {
  description:
    "Changes the viewer's own password and ends its other sessions. A wrong present password counts as a failed sign-in. After signing in with a one-time password, only this and signOut are allowed (R41).",
  who: { person: true, passwordChange: true },
  input: ChangePasswordInput,
  argument: 'The present and the new password.',
  payload: ChangePasswordPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The user, or why nothing was changed.',
  run: async (input, ctx) => {
    const acting = actingOf(ctx);
    const done = await changePassword(ctx.ports, acting, input);
    ctx.actor = { ...acting.actor, mustChangePassword: false };
    return done;
  },
});

const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'The new e-mail of the viewer.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The new e-mail, unique on the platform. Its domain is stored in ASCII.' }),
    password: t.string({ required: true, description: "The viewer's own password." }),
  }),
});

const ChangeEmailPayload = builder.objectRef<object>('ChangeEmailPayload').implement({
  description: 'The e-mail was changed.',
  ...reached('user'),
  fields: (t) => ({
    user: t.field({ type: User, description: "The viewer's own user.", resolve: (_done, _args, ctx) => ownUser(viewerOf(ctx)) }),
  }),
});

mutation('changeEmail', {
  description:
    'Changes the e-mail with which the viewer signs in. Sessions stay open, and locked panels may do this (R42). A wrong password, and an e-mail that is already in use, count as failed sign-ins.',
  who: { person: true },
  input: ChangeEmailInput,
  argument: 'The new e-mail, and the password.',
  payload: ChangeEmailPayload,
  refusals: [Forbidden, InvalidInput, AlreadyExists, InvalidCredentials, RateLimited, InvalidState],
  result: 'The user, or why nothing was changed.',
  run: async (input, ctx) => {
    const acting = actingOf(ctx);
    const { email } = await changeEmail(ctx.ports, acting, input);
    ctx.actor = { ...acting.actor, email };
    return {};
  },
});

const RevokeSessionInput = builder.inputType('RevokeSessionInput', {
  description: 'A session to end.',
  fields: (t) => ({ sessionId: t.id({ required: true, description: "One of the viewer's own sessions." }) }),
});

const RevokeSessionPayload = builder.objectRef<RowId>('RevokeSessionPayload').implement({
  description: 'The session has ended.',
  ...reached('sessionId'),
  fields: (t) => ({
    sessionId: t.id({ ...idField('Session', (session: RowId) => session), description: 'The id of the ended session.' }),
  }),
});

mutation('revokeSession', {
  description: "Ends one of the viewer's own sessions: its token is refused at once and its WebSockets close.",
  who: { person: true },
  input: RevokeSessionInput,
  argument: 'The session to end.',
  payload: RevokeSessionPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'The ended session, or why it was not ended.',
  run: ({ sessionId }, ctx) => revokeSession(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Session', sessionId)),
});

const RevokeOtherSessionsPayload = builder.objectRef<{ readonly endedSessions: number }>('RevokeOtherSessionsPayload').implement({
  description: 'The other sessions have ended.',
  ...reached('endedSessions'),
  fields: (t) => ({ endedSessions: t.exposeInt('endedSessions', { description: 'The number of sessions that were ended.' }) }),
});

builder.mutationField('revokeOtherSessions', (t) =>
  t.field({
    type: RevokeOtherSessionsPayload,
    description: "Ends all of the viewer's own sessions except the one of this request.",
    authScopes: { person: true },
    resolve: async (_root, _args, ctx) => {
      const done = await revokeOtherSessions(ctx.ports, actingOf(ctx));
      clearCaches(ctx);
      return done;
    },
  }),
);
