/** The mutation createImportInvitations: links with which owners of imported panels set their first password. */

import { COMMIT_ROLES } from '../../src/domain/imports/commit-import.ts';
import { createInvitations, type Invitation, type Invitations } from '../../src/domain/imports/create-invitations.ts';
import { Forbidden, InvalidState, NotFound } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf, encodeId } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';

const ImportInvitation = builder.objectRef<Invitation>('ImportInvitation').implement({
  description: 'A link with which the owner of an imported panel sets a password. It works once.',
  ...reached('resellerId', 'resellerName', 'email', 'token', 'expiresAt'),
  fields: (t) => ({
    resellerId: t.id({
      description: 'The id of the imported panel.',
      resolve: ({ resellerId: id, tenantId }, _args, ctx) => encodeId(ctx, 'Reseller', { tenantId, id }),
    }),
    resellerName: t.exposeString('resellerName', { description: "The panel's name." }),
    email: t.exposeString('email', { description: 'The e-mail with which the owner signs in.' }),
    token: t.exposeString('token', {
      description:
        'The token, returned only once. The link is the address of the web application with `/reset-password#` and this token. resetPassword takes the token too.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the link works.' }),
  }),
});

const CreateImportInvitationsInput = builder.inputType('CreateImportInvitationsInput', {
  description: 'The import whose owners get links.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'A committed import.' }),
    after: t.id({ description: 'Continues after this panel, the last one of the previous call.' }),
    renew: t.boolean({
      required: true,
      defaultValue: false,
      description: 'If true, also replaces links that still work, which stops them. Use this if a list of links was lost.',
    }),
  }),
});

const CreateImportInvitationsPayload = builder.objectRef<Invitations>('CreateImportInvitationsPayload').implement({
  description: 'The links were made. They cannot be read again.',
  ...reached('invitations', 'hasMore'),
  fields: (t) => ({
    invitations: t.field({
      type: [ImportInvitation],
      description: 'The links of this call, at most 500.',
      resolve: ({ invitations }) => [...invitations],
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether there are more owners after the last of these. Call again with `after`.' }),
  }),
});

mutation('createImportInvitations', {
  description:
    'Makes a link for each owner of a panel of a committed import who has no password yet. A link works once, for 14 days, and stops if the owner gets a password in another way. Owners with a working link are skipped unless `renew` is set. For the platform.',
  who: { person: true, role: COMMIT_ROLES },
  input: CreateImportInvitationsInput,
  argument: 'The import.',
  payload: CreateImportInvitationsPayload,
  refusals: [Forbidden, NotFound, InvalidState],
  result: 'The links, or why none were made.',
  run: ({ after, importId, renew }, ctx) =>
    createInvitations(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId), {
      after: after ? decodeIdOf(ctx, 'Reseller', after) : null,
      renew,
    }),
});
