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

/** The columns that are read of a key. The database role for reads may not read the hash. */
export const API_KEY_COLUMNS = {
  ...{ tenantId: true, id: true, name: true, prefix: true, scope: true },
  ...{ createdAt: true, expiresAt: true, lastUsedAt: true, revokedAt: true },
} as const;

export const ApiKey = builder.objectRef<ApiKeyRow>('ApiKey').implement({
  description: 'A bearer token with which a program acts for the panel. It works while the user who created it is an enabled OWNER.',
  interfaces: [Node],
  ...reached('id', 'name', 'prefix', 'scope', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'),
  fields: (t) => ({
    id: t.id(idField('ApiKey', (key) => key)),
    name: t.exposeString('name', { description: 'The name of the key.' }),
    prefix: t.exposeString('prefix', { description: 'The first characters of the token, by which people recognize the key.' }),
    scope: t.expose('scope', { type: ApiKeyScope, description: 'The rights of the key.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When the key expires. Null if it never does.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was last used, to the minute. Null if it was never used.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When the key was revoked. Null if it was not.' }),
  }),
});

const ApiKeyConnection = builder.connectionObject(
  { type: ApiKey, name: 'ApiKeyConnection', description: 'A page of API keys.' },
  { name: 'ApiKeyEdge', description: 'An API key and its cursor.' },
);

builder.objectField(Viewer, 'apiKeys', (t) =>
  t.connection(
    {
      type: ApiKey,
      nullable: true,
      description: "The API keys of the viewer's panel, newest first, including revoked ones. For OWNER.",
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
    name: t.string({ required: true, description: 'The name of the key: 1 to 100 characters.' }),
    scope: t.field({ type: ApiKeyScope, required: true, description: 'The rights of the key.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the key expires, in the future. If not given, it never expires.' }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<RowId & { readonly token: string }>('CreateApiKeyPayload').implement({
  description: 'The key was created.',
  ...reached('apiKey', 'secret'),
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The new key.', resolve: (key, _args, ctx) => readKey(ctx, key) }),
    secret: t.exposeString('token', { description: 'The bearer token. It is returned only once.' }),
  }),
});

mutation('createApiKey', {
  description: "Creates an API key of the viewer's panel. For OWNER.",
  who: { person: true, role: TEAM_ROLES },
  input: CreateApiKeyInput,
  argument: 'The key to create.',
  payload: CreateApiKeyPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The key, or why it was not created.',
  run: (input, ctx) => createApiKey(ctx.ports, actingOf(ctx), input),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to revoke.',
  fields: (t) => ({ apiKeyId: t.id({ required: true, description: 'A key of your own panel.' }) }),
});

const RevokeApiKeyPayload = builder.objectRef<RowId>('RevokeApiKeyPayload').implement({
  description: 'The key was revoked.',
  ...reached('apiKey'),
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key as it is now.', resolve: (key, _args, ctx) => readKey(ctx, key) }),
  }),
});

mutation('revokeApiKey', {
  description: "Revokes an API key of the viewer's panel. Every server refuses it at once, and its WebSockets close. For OWNER.",
  who: { person: true, role: TEAM_ROLES },
  input: RevokeApiKeyInput,
  argument: 'The key to revoke.',
  payload: RevokeApiKeyPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'The key, or why it was not revoked.',
  run: ({ apiKeyId }, ctx) => revokeApiKey(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'ApiKey', apiKeyId)),
});
