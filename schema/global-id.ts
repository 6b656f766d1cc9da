import type { Context } from './context.ts';
import { MAX_OPAQUE_LENGTH } from './limits.ts';
import { viewerOf } from './scopes.ts';

/**
 * Ids as clients see them: base64url of one byte for the type and the row's id; for an entry its account's id and its version.
 * The viewer's own tenant is understood, so a row of another tenant cannot even be named; the platform, which has no tenant
 * of its own to read, sees the tenant's id at the end.
 */
const TAGS = {
  Reseller: 1,
  Account: 2,
  Transfer: 3,
  Entry: 4,
  User: 5,
  Customer: 6,
  Session: 20,
  ApiKey: 21,
  AuditEntry: 22,
  Purchase: 30,
  CreditPackage: 31,
} as const;

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

/** Who looks decides how an id is spelled. */
type Viewing = Pick<Context, 'actor'>;

function isNodeType(name: string): name is NodeType {
  return name in TAGS;
}

function seesTenants(ctx: Viewing): boolean {
  return viewerOf(ctx).role === 'PLATFORM';
}

export interface Nameable {
  readonly tenantId: string;
  readonly id: string;
  readonly version?: number | bigint;
}

/** Where ids are put together: encoding is synchronous, and the longest fits. */
const scratch = Buffer.alloc(1 + UUID_BYTES + VERSION_BYTES + UUID_BYTES);

export function encodeId(ctx: Viewing, type: NodeType, row: Nameable): string {
  scratch[0] = TAGS[type];
  let end = writeUuid(scratch, row.id, 1);
  if (type === 'Entry') end = scratch.writeBigUInt64BE(BigInt(row.version ?? 0), end);
  if (seesTenants(ctx)) end = writeUuid(scratch, row.tenantId, end);
  return scratch.toString('base64url', 0, end);
}

/** null: malformed, or made for another kind of viewer. */
export function decodeId(ctx: Viewing, id: string): Named | null {
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
export function decodeIdOf(ctx: Viewing, type: NodeType, id: string): { tenantId: string; id: string } | null {
  const named = decodeId(ctx, id);
  return named?.type === type ? { tenantId: named.tenantId, id: named.id } : null;
}

/** Byte by byte: several ids are encoded for every request, and this is a third of the cost of a call to Buffer.write. */
function writeUuid(bytes: Buffer, uuid: string, offset: number): number {
  let position = 0;
  for (let index = 0; index < UUID_BYTES; index += 1) {
    if (uuid.charCodeAt(position) === DASH) position += 1;
    bytes[offset + index] = (digit(uuid.charCodeAt(position)) << 4) | digit(uuid.charCodeAt(position + 1));
    position += 2;
  }
  return offset + UUID_BYTES;
}

const DASH = 45;

/** The value of a hexadecimal digit by its character code: 0 to 9 from 48, a to f from 97, A to F from 65. */
function digit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}

function readUuid(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + UUID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
