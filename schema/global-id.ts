import type { Context } from './context.ts';
import { MAX_OPAQUE_LENGTH } from './limits.ts';
import { viewerOf } from './scopes.ts';

/**
 * Ids as clients see them: base64url of one byte for the type and the row's id; for an entry its account's id and its version.
 * The viewer's own tenant is understood, so a row of another tenant cannot even be named; the platform, which has no tenant
 * of its own to read, sees the tenant's id at the end.
 */
const TAGS = { Reseller: 1, Account: 2, Transfer: 3, Entry: 4, User: 5 } as const;

export type NodeType = keyof typeof TAGS;

const TYPES = new Map<number, NodeType>(
  Object.entries(TAGS).flatMap(([name, tag]): [number, NodeType][] => (isNodeType(name) ? [[tag, name]] : [])),
);

const UUID_BYTES = 16;
const VERSION_BYTES = 8;

/** What an id names, whether or not it exists. */
export interface Named {
  readonly type: NodeType;
  readonly tenantId: string;
  readonly id: string;
  /** Of an entry; 0 of anything else. */
  readonly version: number;
}

function isNodeType(name: string): name is NodeType {
  return name in TAGS;
}

function seesTenants(ctx: Context): boolean {
  return viewerOf(ctx).role === 'PLATFORM';
}

export interface Nameable {
  readonly tenantId: string;
  readonly id: string;
  readonly version?: number | bigint;
}

export function encodeId(ctx: Context, type: NodeType, row: Nameable): string {
  const isEntry = type === 'Entry';
  const withTenant = seesTenants(ctx);
  const bytes = Buffer.allocUnsafe(1 + UUID_BYTES + (isEntry ? VERSION_BYTES : 0) + (withTenant ? UUID_BYTES : 0));
  bytes[0] = TAGS[type];
  let end = writeUuid(bytes, row.id, 1);
  if (isEntry) end = bytes.writeBigUInt64BE(BigInt(row.version ?? 0), end);
  if (withTenant) writeUuid(bytes, row.tenantId, end);
  return bytes.toString('base64url');
}

/** null: malformed, or made for another kind of viewer. */
export function decodeId(ctx: Context, id: string): Named | null {
  if (id.length > MAX_OPAQUE_LENGTH) return null;
  const bytes = Buffer.from(id, 'base64url');
  // Buffer skips what is not base64url; an id has one spelling only.
  if (bytes.toString('base64url') !== id) return null;
  const type = TYPES.get(bytes[0] ?? 0);
  if (type === undefined) return null;
  const withTenant = seesTenants(ctx);
  const idEnd = 1 + UUID_BYTES;
  const versionEnd = idEnd + (type === 'Entry' ? VERSION_BYTES : 0);
  if (bytes.length !== versionEnd + (withTenant ? UUID_BYTES : 0)) return null;
  const version = type === 'Entry' ? Number(bytes.readBigUInt64BE(idEnd)) : 0;
  if (!Number.isSafeInteger(version)) return null;
  const tenantId = withTenant ? readUuid(bytes, versionEnd) : viewerOf(ctx).tenantId;
  return { type, tenantId, id: readUuid(bytes, 1), version };
}

/** The row of this type that the id names; null when it is malformed or names something else. */
export function decodeIdOf(ctx: Context, type: NodeType, id: string): { tenantId: string; id: string } | null {
  const named = decodeId(ctx, id);
  return named?.type === type ? { tenantId: named.tenantId, id: named.id } : null;
}

function writeUuid(bytes: Buffer, uuid: string, offset: number): number {
  return offset + bytes.write(uuid.replaceAll('-', ''), offset, 'hex');
}

function readUuid(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + UUID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
