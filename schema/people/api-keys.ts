/** API keys: their type, their list and their mutations. */

import { createApiKey, revokeApiKey } from '../../src/domain/identity/api-keys.ts';
import { TEAM_ROLES } from '../../src/domain/identity/invite-user.ts';
import type { RowId } from '../../src/domain/input.ts';
import type { ApiKeyScope as ScopeName } from '../../src/kernel/actor.ts';
import { Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, newestPage, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { ApiKeyScope } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { Viewer } from './viewer.ts';

interface ApiKeyRow {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: ScopeName;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What is read of a key; the reading role may not see its hash. */
export const API_KEY_COLUMNS = {
  ...{ tenantId: true, id: true, name: true, prefix: true, scope: true },
  ...{ createdAt: true, expiresAt: true, lastUsedAt: true, revokedAt: true },
} as const;

export const ApiKey = builder.objectRef<ApiKeyRow>('ApiKey').implement({
  description: 'A bearer token for a program, which acts for the panel as the OWNER who made it, while that is an enabled OWNER.',
  interfaces: [Node],
  ...reached('id', 'name', 'prefix', 'scope', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'),
  fields: (t) => ({
    id: t.id(idField('ApiKey', (key) => key)),
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: "The key's beginning, to tell keys apart." }),
    scope: t.expose('scope', { type: ApiKeyScope, description: 'What may be done by it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When it ends; null: never by itself.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true, description: 'When it was last used, to the minute.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was revoked.' }),
  }),
});

const ApiKeyConnection = builder.connectionObject(
  { type: ApiKey, name: 'ApiKeyConnection', description: 'API keys of a list.' },
  { name: 'ApiKeyEdge', description: 'An API key and its place in the list.' },
);

builder.objectField(Viewer, 'apiKeys', (t) =>
  t.connection(
    {
      type: ApiKey,
      nullable: true,
      description: "The API keys of the viewer's panel, newest first, revoked ones too. For its OWNERs.",
      authScopes: { person: true, reads: TEAM_ROLES, unlocked: true },
      complexity: connectionComplexity,
      resolve: async ({ panel, tenantId }, args, { ports: { prisma } }) => {
        const page = readPage(args, BY_ID);
        const { where, ...query } = newestPage(page);
        const ofPanel = { ...where, tenantId, resellerId: panel?.id ?? '' };
        const rows = await prisma.apiKey.findMany({ ...query, where: ofPanel, select: API_KEY_COLUMNS });
        return toConnection(rows, page, BY_ID, ({ id }) => id);
      },
    },
    ApiKeyConnection,
  ),
);

function readKey({ ports: { prisma } }: Context, { tenantId, id }: RowId): Promise<ApiKeyRow> {
  return prisma.apiKey.findUniqueOrThrow({ where: { tenantId_id: { tenantId, id } }, select: API_KEY_COLUMNS });
}

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key for a program.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for: 1 to 100 characters.' }),
    scope: t.field({ type: ApiKeyScope, required: true, description: 'What may be done by it.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it should end, in the future; not given: never by itself.' }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<RowId & { readonly token: string }>('CreateApiKeyPayload').implement({
  description: 'The key was made.',
  ...reached('apiKey', 'secret'),
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key that was made.', resolve: (key, _args, ctx) => readKey(ctx, key) }),
    secret: t.exposeString('token', { description: 'The bearer token itself. Shown once.' }),
  }),
});

mutation('createApiKey', {
  description: "Makes an API key of the viewer's panel. For its OWNERs.",
  who: { person: true, role: TEAM_ROLES },
  input: CreateApiKeyInput,
  argument: 'The key to make.',
  payload: CreateApiKeyPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The key, or why there is none.',
  run: (input, ctx) => createApiKey(ctx.ports, actingOf(ctx), input),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to end.',
  fields: (t) => ({ apiKeyId: t.id({ required: true, description: "One of the panel's." }) }),
});

const RevokeApiKeyPayload = builder.objectRef<RowId>('RevokeApiKeyPayload').implement({
  description: 'The key has ended.',
  ...reached('apiKey'),
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key as it is now.', resolve: (key, _args, ctx) => readKey(ctx, key) }),
  }),
});

mutation('revokeApiKey', {
  description: "Ends an API key of the viewer's panel, at once and everywhere; its sockets close. For OWNERs.",
  who: { person: true, role: TEAM_ROLES },
  input: RevokeApiKeyInput,
  argument: 'The key to revoke.',
  payload: RevokeApiKeyPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'The key, or why it was not ended.',
  run: ({ apiKeyId }, ctx) => revokeApiKey(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'ApiKey', apiKeyId)),
});
