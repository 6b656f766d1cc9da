/** Encodes and decodes global ids, which contain a type and the key of a row. */

import { writeUuid } from '../../src/kernel/uuid.ts';
import type { Context } from './context.ts';
import { MAX_OPAQUE_LENGTH } from './limits.ts';
import { viewerOf } from './scopes.ts';

/**
 * A global id is base64url of one byte for the type and the row's id; for an entry, its account's id and its version. It does
 * not contain the viewer's tenant, so that a row of another tenant cannot even be named. Only for the platform, which reads all
 * tenants, the tenant's id follows at the end.
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
  Plan: 32,
  QueuedMessage: 33,
  CustomerPayment: 34,
  WebhookEndpoint: 40,
  Delivery: 41,
  Import: 50,
} as const;

export type NodeType = keyof typeof TAGS;

const TYPES = new Map<number, NodeType>(
  Object.entries(TAGS).flatMap(([name, tag]): [number, NodeType][] => (isNodeType(name) ? [[tag, name]] : [])),
);

const UUID_BYTES = 16;
const VERSION_BYTES = 8;

/** The row that an id names, whether or not the row exists. */
export interface Named {
  readonly type: NodeType;
  readonly tenantId: string;
  readonly id: string;
  /** The version of an entry; 0 for all other types. */
  readonly version: number;
}

/** The viewer decides how an id is spelled. */
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

/** Shared buffers in which ids are encoded and decoded. Both happen synchronously, and the longest id fits. */
const scratch = Buffer.alloc(1 + UUID_BYTES + VERSION_BYTES + UUID_BYTES);
const decoded = Buffer.alloc(scratch.length);

export function encodeId(ctx: Viewing, type: NodeType, row: Nameable): string {
  return write(type, row, seesTenants(ctx));
}

/** The id as viewers of the row's tenant see it, for messages that leave the server (webhooks, mails). */
export function encodeIdWithin(type: NodeType, row: Nameable): string {
  return write(type, row, false);
}

function write(type: NodeType, row: Nameable, withTenant: boolean): string {
  scratch[0] = TAGS[type];
  let end = writeUuid(scratch, row.id, 1);
  if (type === 'Entry') end = scratch.writeBigUInt64BE(BigInt(row.version ?? 0), end);
  if (withTenant) end = writeUuid(scratch, row.tenantId, end);
  return scratch.toString('base64url', 0, end);
}

/** Returns null if the id is malformed or was made for another kind of viewer. */
export function decodeId(ctx: Viewing, id: string): Named | null {
  if (id.length > MAX_OPAQUE_LENGTH) return null;
  const length = readBase64url(id, decoded);
  const type = length === null ? undefined : TYPES.get(decoded[0] ?? 0);
  if (type === undefined) return null;
  const withTenant = seesTenants(ctx);
  const idEnd = 1 + UUID_BYTES;
  const versionEnd = idEnd + (type === 'Entry' ? VERSION_BYTES : 0);
  if (length !== versionEnd + (withTenant ? UUID_BYTES : 0)) return null;
  const version = type === 'Entry' ? Number(decoded.readBigUInt64BE(idEnd)) : 0;
  if (!Number.isSafeInteger(version)) return null;
  const tenantId = withTenant ? readUuid(decoded, versionEnd) : viewerOf(ctx).tenantId;
  return { type, tenantId, id: readUuid(decoded, 1), version };
}

/** The row of this type that the id names. Null if the id is malformed or names a row of another type. */
export function decodeIdOf(ctx: Viewing, type: NodeType, id: string): { tenantId: string; id: string } | null {
  const named = decodeId(ctx, id);
  return named?.type === type ? { tenantId: named.tenantId, id: named.id } : null;
}

/**
 * Reads byte by byte. With Buffer's own decoding, slices of hexadecimal text and a check for the canonical spelling, an id took
 * twice as long.
 */
function readUuid(bytes: Buffer, offset: number): string {
  let position = 0;
  for (let index = 0; index < UUID_BYTES; index += 1) {
    if (position === 8 || position === 13 || position === 18 || position === 23) position += 1;
    const byte = bytes[offset + index] ?? 0;
    uuidText[position] = HEXADECIMAL.charCodeAt(byte >> 4);
    uuidText[position + 1] = HEXADECIMAL.charCodeAt(byte & 15);
    position += 2;
  }
  return uuidText.toString('latin1');
}

const HEXADECIMAL = '0123456789abcdef';
const uuidText = Buffer.alloc(36, '-');

/** Returns the number of bytes written to `into`. Null if the text is not base64url, not in its canonical spelling, or too long. */
function readBase64url(text: string, into: Buffer): number | null {
  let length = 0;
  let bits = 0;
  let pending = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = BASE64URL[text.charCodeAt(index)] ?? -1;
    if (value < 0) return null;
    pending = ((pending << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    if (length === into.length) return null;
    into[length] = pending >> bits;
    length += 1;
  }
  // The unused bits of the last character must be zero.
  const isWhole = bits < 6 && (pending & ((1 << bits) - 1)) === 0;
  return isWhole ? length : null;
}

/** The value of each character by its code; -1 for characters outside the alphabet. */
const BASE64URL = new Int8Array(128).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].entries()) {
  BASE64URL[character.charCodeAt(0)] = value;
}
