/** Support sessions: opening one, the one that is acted in, and those that look at the viewer's panel. */

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
  description: 'Somebody above a panel looks at it, to help: it reads, and changes nothing.',
  ...reached('reseller', 'openedBy', 'reason', 'expiresAt'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      description: 'The panel that is looked at.',
      resolve: (query, { resellerId: id, tenantId }, _args, ctx) =>
        ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: keyOf({ tenantId, id }) }),
    }),
    openedBy: t.exposeString('openedBy', {
      description: 'To whoever opened it the own e-mail; to the panel PARENT or PLATFORM.',
    }),
    reason: t.exposeString('reason', { description: 'Why, in the words of whoever opened it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends at the latest: it ends with the session it was opened by.',
    }),
  }),
});

builder.objectFields(Viewer, (t) => ({
  support: t.field({
    type: SupportSession,
    nullable: true,
    description: 'What this session is: null, or the support session it acts in.',
    authScopes: { signedIn: true },
    resolve: ({ email, panel, sessionExpiresAtMs, support, tenantId }) => {
      if (support === null || panel === null) return null;
      return { tenantId, resellerId: panel.id, openedBy: email, reason: support.reason, expiresAt: new Date(sessionExpiresAtMs) };
    },
  }),
  supportSessions: t.field({
    type: [SupportSession],
    nullable: true,
    description: "The support sessions that look at the viewer's own panel now, newest first; at most 20.",
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: async ({ panel, tenantId }, _args, ctx) =>
      panel === null ? [] : (await supportSessions(ctx.ports, [{ tenantId, id: panel.id }]))[0],
  }),
}));

const OpenSupportSessionInput = builder.inputType('OpenSupportSessionInput', {
  description: 'A panel to look at.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'A direct child; for the platform a root.' }),
    reason: t.string({ required: true, description: 'Why: the panel reads it. 1 to 500 characters.' }),
    transport: t.field({ type: SessionTransport, required: true, defaultValue: 'BEARER', description: 'How its token travels.' }),
  }),
});

const OpenSupportSessionPayload = builder
  .objectRef<Omit<SupportOpened, 'token'> & { readonly token: string | null }>('OpenSupportSessionPayload')
  .implement({
    description: 'A support session was opened, beside the one this was asked with.',
    ...reached('token', 'expiresAt', 'reseller'),
    fields: (t) => ({
      token: t.exposeString('token', { nullable: true, description: 'Shown once; null with COOKIE.' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When it ends: 30 minutes from now, or with the session it was opened by. Use does not move it.',
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
    "Opens a panel as its VIEWERs see it, read-only and for 30 minutes, with customers' contacts and secrets masked. For the OWNERs of the panel directly above it; for the platform, of roots. Both audit logs tell it, and the panel sees that it is looked at. signOut leaves it.",
  who: { person: true, role: SUPPORT_ROLES },
  input: OpenSupportSessionInput,
  argument: 'Which panel, and why.',
  payload: OpenSupportSessionPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The support session, or why there is none.',
  run: async ({ resellerId, reason, transport }, ctx) => {
    const byCookie = transport === 'COOKIE';
    if (byCookie && ctx.cookies === null) throw new BadUserInput('input.transport', 'COOKIE needs an HTTP request.');
    const { token, ...opened } = await openSupportSession(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', resellerId), { reason });
    if (byCookie) ctx.cookies?.setSupport(token, opened.expiresAtMs);
    return { ...opened, token: byCookie ? null : token };
  },
});
