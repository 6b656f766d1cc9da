/** Encodes and decodes the hints that processes send each other by NOTIFY. */

import { z } from 'zod';
import type { RightsHint } from '../../kernel/rights.ts';

/**
 * A message between processes. It carries no changes, only hints where to look. A notification is
 * `process:number:kind:body` in ASCII. The numbers of one process rise by one, so that a lost notification is noticed.
 */
export type Message =
  /** "I am alive, and this is my last number." */
  | { readonly kind: 'beat' }
  | { readonly kind: 'goodbye' }
  | { readonly kind: 'changes'; readonly changes: readonly ChangedVersion[] }
  | { readonly kind: 'rights'; readonly hint: RightsHint }
  /** Purchases, or customers' payments, were changed. */
  | { readonly kind: 'rows' }
  /** The sender could not say what changed in the last `ageMs` milliseconds. */
  | { readonly kind: 'lost'; readonly ageMs: number };

export interface AccountKey {
  readonly tenantId: string;
  readonly id: string;
}

export interface ChangedVersion extends AccountKey {
  /** The newest version, or UNKNOWN_VERSION. */
  readonly version: number;
}

/** In place of a version: the outcome of a commit is unknown to the sender, so the receiver checks for a new version. */
export const UNKNOWN_VERSION = 0;

export interface Notification {
  readonly process: string;
  readonly number: number;
  /** Decodes the message. Separate, because a process need not decode its own notifications. */
  read(): Message;
}

/** By tenant and account, the newest version that was not sent to the other processes yet. */
export type PendingHints = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Postgres accepts 7,999 bytes. The header takes part of the rest. */
const PAYLOAD_BYTES = 7_900;
const BODY_BYTES = PAYLOAD_BYTES - 40;
const UUID_LENGTH = 36;
const RADIX = 36;

const LETTER_OF_KIND = { beat: 'b', goodbye: 'g', changes: 'c', rights: 'r', rows: 'p', lost: 'l' } as const;

/** A message as one notification carries it. */
export interface EncodedMessage {
  readonly letter: string;
  readonly body: string;
}

export const BEAT: EncodedMessage = { letter: LETTER_OF_KIND.beat, body: '' };
export const ROWS: EncodedMessage = { letter: LETTER_OF_KIND.rows, body: '' };
export const GOODBYE: EncodedMessage = { letter: LETTER_OF_KIND.goodbye, body: '' };

export function encodeLost(ageMs: number): EncodedMessage {
  return { letter: LETTER_OF_KIND.lost, body: String(Math.ceil(ageMs)) };
}

/** A hint that does not fit into one notification becomes "lost": then all rights are checked again. */
export function encodeRights(hint: RightsHint): EncodedMessage {
  const body = JSON.stringify(hint);
  return Buffer.byteLength(body) <= BODY_BYTES ? { letter: LETTER_OF_KIND.rights, body } : encodeLost(0);
}

/** `tenant/account=version,account=version;tenant/…`, split where a notification is full. */
export function encodeChanges(pending: PendingHints): EncodedMessage[] {
  const bodies: string[] = [];
  let body = '';
  for (const [tenantId, accounts] of pending) {
    let prefix = `${tenantId}/`;
    for (const [id, version] of accounts) {
      const item = `${id}=${version.toString(RADIX)}`;
      if (body.length + 1 + prefix.length + item.length > BODY_BYTES) {
        bodies.push(body);
        body = '';
        prefix = `${tenantId}/`;
      }
      if (prefix === '') body += `,${item}`;
      else body += `${body === '' ? '' : ';'}${prefix}${item}`;
      prefix = '';
    }
  }
  if (body !== '') bodies.push(body);
  return bodies.map((text) => ({ letter: LETTER_OF_KIND.changes, body: text }));
}

export function encodeNotification(process: string, number: number, message: EncodedMessage): string {
  return `${process}:${number}:${message.letter}:${message.body}`;
}

/** Returns null for a foreign notification. A kind or body that this version does not understand is read as "lost". */
export function decodeNotification(payload: string): Notification | null {
  const header = /^([\w-]{1,20}):(\d{1,15}):([a-z]):/.exec(payload);
  const [text, process, number, letter] = header ?? [];
  if (text === undefined || process === undefined) return null;
  return { process, number: Number(number), read: () => decodeMessage(letter, payload.slice(text.length)) };
}

const lostWithoutAge: Message = { kind: 'lost', ageMs: 0 };

const rightsHint: z.ZodType<RightsHint> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), tenantId: z.string(), sessionId: z.string() }),
  z.object({ kind: z.literal('user'), tenantId: z.string(), userId: z.string() }),
  z.object({ kind: z.literal('branch'), tenantId: z.string(), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('support'), tenantId: z.string(), resellerId: z.string() }),
]);

function decodeMessage(letter: string | undefined, body: string): Message {
  if (letter === LETTER_OF_KIND.beat) return { kind: 'beat' };
  if (letter === LETTER_OF_KIND.goodbye) return { kind: 'goodbye' };
  if (letter === LETTER_OF_KIND.rows) return { kind: 'rows' };
  if (letter === LETTER_OF_KIND.changes) return decodeChanges(body);
  if (letter === LETTER_OF_KIND.rights) return decodeRights(body);
  if (letter === LETTER_OF_KIND.lost && /^\d{1,15}$/.test(body)) return { kind: 'lost', ageMs: Number(body) };
  return lostWithoutAge;
}

function decodeRights(body: string): Message {
  try {
    return { kind: 'rights', hint: rightsHint.parse(JSON.parse(body)) };
  } catch {
    return lostWithoutAge;
  }
}

function decodeChanges(body: string): Message {
  const changes: ChangedVersion[] = [];
  for (const group of body.split(';')) {
    const tenantId = group.slice(0, UUID_LENGTH);
    for (const item of group.slice(UUID_LENGTH + 1).split(',')) {
      const version = Number.parseInt(item.slice(UUID_LENGTH + 1), RADIX);
      if (!Number.isSafeInteger(version)) return lostWithoutAge;
      changes.push({ tenantId, id: item.slice(0, UUID_LENGTH), version });
    }
  }
  return { kind: 'changes', changes };
}
