/** Builds Relay connections: checks their arguments, plans one page, writes its cursors. */

import { BadUserInput } from '../../src/kernel/errors.ts';
import { DEFAULT_PAGE_SIZE, MAX_OPAQUE_LENGTH, MAX_PAGE_SIZE } from './limits.ts';

/** Relay's arguments, as Pothos passes them. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** How a position in one order is written as a cursor. `parse` returns null for a text that `format` did not write. */
export interface CursorKind<Key> {
  readonly name: string;
  format(key: Key): string;
  parse(text: string): Key | null;
}

/** A page of a list in a fixed order. Its nodes lie between the keys `after` and `before`. */
export interface Page<Key> {
  /** The number of nodes to return. One more row is read, to know whether there are more. */
  readonly size: number;
  /** The page is read from the end of the list, so its rows arrive in reverse. */
  readonly backward: boolean;
  readonly after: Key | null;
  readonly before: Key | null;
}

/** Checks the arguments of a connection. BadUserInput names the argument at fault. */
export function readPage<Key>(args: PageArgs, kind: CursorKind<Key>): Page<Key> {
  const first = pageSize('first', args.first);
  const last = pageSize('last', args.last);
  if (first !== null && last !== null) throw new BadUserInput('last', 'use `first` or `last`, not both.');
  return {
    size: first ?? last ?? DEFAULT_PAGE_SIZE,
    backward: last !== null,
    after: readCursor('after', args.after, kind),
    before: readCursor('before', args.before, kind),
  };
}

/** The plan, or null if the arguments are bad. The parent field plans the page, but the connection's own resolver must refuse. */
export function nullIfBadInput<Plan>(plan: () => Plan): Plan | null {
  try {
    return plan();
  } catch (error) {
    if (error instanceof BadUserInput) return null;
    throw error;
  }
}

/** Selects whole rows if the plan selects no column (only a count or the page's bounds are requested), which Prisma refuses. */
export function wholeRowsIfEmpty<Selection>(selection: Selection): Selection | undefined {
  const isEmpty =
    typeof selection === 'object' &&
    selection !== null &&
    'select' in selection &&
    typeof selection.select === 'object' &&
    Object.keys(selection.select ?? {}).length === 0;
  return isEmpty ? undefined : selection;
}

function pageSize(name: string, value: number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (value < 1 || value > MAX_PAGE_SIZE) throw new BadUserInput(name, `must be from 1 to ${MAX_PAGE_SIZE}.`);
  return value;
}

function readCursor<Key>(name: string, cursor: string | null | undefined, kind: CursorKind<Key>): Key | null {
  if (cursor === null || cursor === undefined) return null;
  const text = cursor.length > MAX_OPAQUE_LENGTH ? '' : Buffer.from(cursor, 'base64url').toString();
  const prefix = `${kind.name}:`;
  const key = text.startsWith(prefix) ? kind.parse(text.slice(prefix.length)) : null;
  if (key === null || writeCursor(key, kind) !== cursor) throw new BadUserInput(name, 'is not a cursor of this list.');
  return key;
}

function writeCursor<Key>(key: Key, kind: CursorKind<Key>): string {
  return Buffer.from(`${kind.name}:${kind.format(key)}`).toString('base64url');
}

export interface Connection<Row> {
  readonly edges: { cursor: string; node: Row }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  readonly count: (() => Promise<number>) | null;
}

/** Makes a connection of up to `page.size` + 1 rows, which were read in the direction of the page. */
export function toConnection<Row, Key>(
  rows: readonly Row[],
  page: Page<Key>,
  kind: CursorKind<Key>,
  keyOf: (row: Row) => Key,
  count: (() => Promise<number>) | null = null,
): Connection<Row> {
  const hasMore = rows.length > page.size;
  const nodes = rows.slice(0, page.size);
  if (page.backward) nodes.reverse();
  const edges = nodes.map((node) => ({ cursor: writeCursor(keyOf(node), kind), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : hasMore,
      hasPreviousPage: page.backward ? hasMore : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Lists ordered by id, which is the order of creation. */
export const BY_ID: CursorKind<string> = {
  name: 'id',
  format: (id) => id,
  parse: (text) => (UUID.test(text) ? text : null),
};

/** The position of a panel among the descendants of another, nearest first. */
export interface LevelPosition {
  readonly depth: number;
  readonly path: string;
}
export const BY_LEVEL: CursorKind<LevelPosition> = {
  name: 'level',
  format: ({ depth, path }) => `${depth}:${path}`,
  parse: (text) => {
    const match = /^(\d{1,2}):((?:[0-9a-z]+\.)+)$/.exec(text);
    return match === null ? null : { depth: Number(match[1]), path: match[2] ?? '' };
  },
};

/** An account's entries, newest first. */
export const BY_VERSION: CursorKind<number> = {
  name: 'version',
  format: String,
  parse: (text) => (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null),
};

/** Lists whose newest row comes first. */
export const BY_ID_DOWN: CursorKind<string> = { ...BY_ID, name: 'newest' };

/** A position in a list ordered by a value, and by id where values are equal. */
export interface ValuePosition<Value> {
  readonly value: Value;
  readonly id: string;
}

function byValue<Value>(
  name: string,
  format: (value: Value) => string,
  parse: (text: string) => Value | null,
): CursorKind<ValuePosition<Value>> {
  return {
    name,
    format: ({ id, value }) => `${id}:${format(value)}`,
    parse: (text) => {
      const [id, value] = [text.slice(0, UUID_LENGTH), parse(text.slice(UUID_LENGTH + 1))];
      return UUID.test(id) && value !== null ? { id, value } : null;
    },
  };
}

const UUID_LENGTH = 36;

/** Customers by the end of their service, in milliseconds since 1970. */
export const BY_END = byValue<Date>(
  'end',
  (end) => String(end.getTime()),
  (text) => (/^\d{1,15}$/.test(text) ? new Date(Number(text)) : null),
);

/** By name, as the database orders names. */
export const BY_NAME = byValue<string>(
  'name',
  (name) => name,
  (text) => (text.includes('\0') ? null : text),
);

/** Panels by their balance. */
export const BY_BALANCE = byValue<bigint>('balance', String, (text) => (/^\d{1,16}$/.test(text) ? BigInt(text) : null));

/** Prisma's arguments for a page of a list ordered by id. */
export function idPage(page: Page<string>) {
  const id = {
    ...(page.after === null ? {} : { gt: page.after }),
    ...(page.before === null ? {} : { lt: page.before }),
  };
  return { where: { id }, orderBy: { id: page.backward ? ('desc' as const) : ('asc' as const) }, take: page.size + 1 };
}

/** Prisma's arguments for a page of a list whose newest row comes first. */
export function newestPage(page: Page<string>) {
  const id = {
    ...(page.after === null ? {} : { lt: page.after }),
    ...(page.before === null ? {} : { gt: page.before }),
  };
  return { where: { id }, orderBy: { id: page.backward ? ('asc' as const) : ('desc' as const) }, take: page.size + 1 };
}

/**
 * Prisma's arguments for a page ordered by a value, and by id where values are equal. `on` applies a condition or a direction to
 * the column of the value. The bound on the value alone lets Postgres use an index.
 */
export function valuePage<Value>(
  { after, backward, before, size }: Page<ValuePosition<Value>>,
  on: (what: object | 'asc' | 'desc') => object,
) {
  const order = backward ? ('desc' as const) : ('asc' as const);
  const bound = ({ id, value }: ValuePosition<Value>, inclusive: 'gte' | 'lte', exclusive: 'gt' | 'lt') => [
    on({ [inclusive]: value }),
    { OR: [on({ [exclusive]: value }), { id: { [exclusive]: id } }] },
  ];
  const AND = [...(after === null ? [] : bound(after, 'gte', 'gt')), ...(before === null ? [] : bound(before, 'lte', 'lt'))];
  return { where: { AND }, orderBy: [on(order), { id: order }], take: size + 1 };
}

/** The complexity of a connection: the fields below it count once for every requested node. */
export function connectionComplexity(args: PageArgs) {
  const size = args.first ?? args.last ?? DEFAULT_PAGE_SIZE;
  return { field: 1, multiplier: Math.min(Math.max(size, 1), MAX_PAGE_SIZE) };
}
