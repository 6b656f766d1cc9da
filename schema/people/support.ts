/** Support sessions: opening one, the viewer's present one, and those open in the viewer's panel (R43). */

import { openSupportSession, SUPPORT_ROLES, type SupportOpened } from '../../src/domain/identity/open-support-session.ts';
import { supportSessions } from '../../src/domain/identity/support-sessions.ts';
import type { RowId } from '../../src/domain/input.ts';
import {
  BadUserInput,
  Forbidden,
  InvalidInput,
  InvalidState,
  NotDirectChild,
  NotFound,
  PanelLocked,
  PanelSuspended,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { SessionTransport } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { Reseller } from '../resellers/reseller.ts';
import { Viewer } from './viewer.ts';

interface Support {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly openedBy: string;
  readonly reason: string;
  readonly expiresAt: Date;
}

const keyOf = ({ id, tenantId }: RowId) => ({ tenantId_id: { tenantId, id } });

export const SupportSession = builder.objectRef<Support>('SupportSession').implement({
  description: 'A session in which the panel above, or the platform, reads a panel in order to help. It cannot change anything (R43).',
  ...reached('reseller', 'openedBy', 'reason', 'expiresAt'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      description: 'The panel that is read.',
      resolve: (query, { resellerId: id, tenantId }, _args, ctx) =>
        ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: keyOf({ tenantId, id }) }),
    }),
    openedBy: t.exposeString('openedBy', {
      description: 'For the opener, their own e-mail. For the panel, PARENT or PLATFORM.',
    }),
    reason: t.exposeString('reason', { description: 'The reason that the opener gave.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: "When it ends at the latest. It also ends with the opener's own session.",
    }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  support: t.field({
    type: SupportSession,
    nullable: true,
    description: 'The support session of this request. Null if it is not made in a support session.',
    authScopes: { signedIn: true },
    resolve: ({ email, panel, sessionExpiresAtMs, support, tenantId }) => {
      if (support === null || panel === null) return null;
      return { tenantId, resellerId: panel.id, openedBy: email, reason: support.reason, expiresAt: new Date(sessionExpiresAtMs) };
    },
  }),
  supportSessions: t.field({
    type: [SupportSession],
    nullable: true,
    description: "The support sessions that are open in the viewer's own panel, newest first, at most 20.",
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: async ({ panel, tenantId }, _args, ctx) =>
      panel === null ? [] : (await supportSessions(ctx.ports, [{ tenantId, id: panel.id }]))[0],
  }),
}));

const OpenSupportSessionInput = builder.inputType('OpenSupportSessionInput', {
  description: 'A panel to read.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'A direct child; for the platform, a root.' }),
    reason: t.string({ required: true, description: 'The reason, which the panel sees: 1 to 500 characters.' }),
    transport: t.field({ type: SessionTransport, required: true, defaultValue: 'BEARER', description: 'How the token is sent.' }),
  }),
});

const OpenSupportSessionPayload = builder
  .objectRef<Omit<SupportOpened, 'token'> & { readonly token: string | null }>('OpenSupportSessionPayload')
  .implement({
    description: 'The support session was opened, in addition to the session of this request.',
    ...reached('token', 'expiresAt', 'reseller'),
    fields: (t) => ({
      token: t.exposeString('token', { nullable: true, description: 'The token, returned only once. Null with COOKIE.' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: "When it ends: in 30 minutes, or earlier with the opener's own session. Using it does not extend it.",
        resolve: ({ expiresAtMs }) => new Date(expiresAtMs),
      }),
      reseller: t.prismaField({
        type: Reseller,
        description: 'The panel that can now be read.',
        resolve: (query, { panel }, _args, ctx) => ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: keyOf(panel) }),
      }),
    }),
  });

mutation('openSupportSession', {
  description:
    'Opens a support session: for 30 minutes the caller reads a panel as its VIEWERs do, with contacts of customers and secrets masked (R43). Both audit logs record it, and the panel sees that the session is open. signOut ends it. For OWNERs of the panel directly above; for the platform, on roots.',
  who: { person: true, role: SUPPORT_ROLES },
  input: OpenSupportSessionInput,
  argument: 'The panel, and the reason.',
  payload: OpenSupportSessionPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The support session, or why it was not opened.',
  run: async ({ resellerId, reason, transport }, ctx) => {
    const byCookie = transport === 'COOKIE';
    if (byCookie && ctx.cookies === null) throw new BadUserInput('input.transport', 'COOKIE needs an HTTP request.');
    const { token, ...opened } = await openSupportSession(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', resellerId), { reason });
    if (byCookie) ctx.cookies?.setSupport(token, opened.expiresAtMs);
    return { ...opened, token: byCookie ? null : token };
  },
});
