/** The mutation createImportInvitations: first passwords of imported panels. */

import { COMMIT_ROLES } from '../../src/domain/imports/commit-import.ts';
import { createInvitations, type Invitation, type Invitations } from '../../src/domain/imports/create-invitations.ts';
import { Forbidden, InvalidState, NotFound } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf, encodeId } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';

const ImportInvitation = builder.objectRef<Invitation>('ImportInvitation').implement({
  description: 'A link by which the owner of an imported panel chooses a password. It works once.',
  ...reached('resellerId', 'resellerName', 'email', 'token', 'expiresAt'),
  fields: (t) => ({
    resellerId: t.id({
      description: 'The panel.',
      resolve: ({ resellerId: id, tenantId }, _args, ctx) => encodeId(ctx, 'Reseller', { tenantId, id }),
    }),
    resellerName: t.exposeString('resellerName', { description: "The panel's name." }),
    email: t.exposeString('email', { description: 'With which the owner signs in.' }),
    token: t.exposeString('token', {
      description:
        'Shown once. The link is this after `/reset-password#` at the address of the web application; or send it with resetPassword.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});

const CreateImportInvitationsInput = builder.inputType('CreateImportInvitationsInput', {
  description: 'Whose owners are invited.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'The import.' }),
    after: t.id({ description: 'Goes on after this panel: the last one of the answer before.' }),
    renew: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Also where there is a link that works: it is worthless then. For a list that was lost.',
    }),
  }),
});

const CreateImportInvitationsPayload = builder.objectRef<Invitations>('CreateImportInvitationsPayload').implement({
  description: 'The links, which nobody can read again.',
  ...reached('invitations', 'hasMore'),
  fields: (t) => ({
    invitations: t.field({
      type: [ImportInvitation],
      description: 'At most 500.',
      resolve: ({ invitations }) => [...invitations],
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether more are to be invited, after the last of these.' }),
  }),
});

mutation('createImportInvitations', {
  description:
    'Makes a link for each owner of the panels of a committed import who cannot get in yet: it works once, for 14 days, until the owner has a password otherwise. Who has such a link already gets none, unless `renew` is given. For the platform.',
  who: { person: true, role: COMMIT_ROLES },
  input: CreateImportInvitationsInput,
  argument: 'Of which import.',
  payload: CreateImportInvitationsPayload,
  refusals: [Forbidden, NotFound, InvalidState],
  result: 'The links, or why there are none.',
  run: ({ after, importId, renew }, ctx) =>
    createInvitations(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId), {
      after: after ? decodeIdOf(ctx, 'Reseller', after) : null,
      renew,
    }),
});
