/** Builds the parts of posting's statements that depend on the tenants: several tenants, or one as the first parameter (ADR-0131). */

import { binaryArray, type Parameter } from '../../db/arrays/binary.ts';

/** Numbers the parameters of one text in the order of their use. */
export class Numbers {
  #last: number;

  constructor(first: number) {
    this.#last = first - 1;
  }

  next(): string {
    this.#last += 1;
    return `$${this.#last}`;
  }
}

/** The SQL of the requested ids, grouped by tenant. */
export interface WantedIds {
  /** A FROM item with the alias `wanted` and the columns `tenant` (the tenant's position in the list of tenants) and `ids`. */
  readonly from: string;
  /** The tenant's id in a row of `from`. */
  readonly tenant: string;
  /** A condition that the column is one of the tenants. */
  isOneOf(column: string): string;
  /** All the ids. */
  readonly ids: string;
}

/**
 * The pieces that differ between a statement for several tenants and one for a single tenant. A statement's parameters must be listed
 * in the order in which its text was built.
 */
export interface Shape {
  /** Starts the parameter numbers of a new text. */
  numbers(): Numbers;
  /** The parameters before all others in a statement for one tenant. */
  leading(tenantId: string): Parameter[];
  wantedIds(numbers: Numbers): WantedIds;
  /** A FROM item with the alias `wanted` that expands arrays into rows, each with its tenant. */
  wanted(numbers: Numbers, columns: Readonly<Record<string, string>>, withPosition?: boolean): string;
  /** The parameters for the tenants of `wanted`, which come before those of its columns. */
  tenants(tenantIds: readonly string[]): Parameter[];
  /** The tenant's id in a row of `alias`. */
  tenantOf(alias: string): string;
  /** A condition with AND that a row of `alias` belongs to the tenant. Empty for several tenants, whose lists do not restrict it. */
  alsoOfTenant(alias: string): string;
  /** Makes a SELECT without a table run on the machine that has the tenant's rows. */
  anchored(text: string): string;
  /** A condition that the column is in a separate list of tenants. */
  isListed(numbers: Numbers, column: string): string;
  /** The parameters for `isListed`. */
  listed(tenantIds: readonly string[]): Parameter[];
  /** The tenants, and the parameters for `wantedIds`. The keys of the map are an id followed by its tenant's id. */
  idsByTenant(keys: ReadonlyMap<string, string>): TenantsIds;
}

interface TenantsIds {
  readonly tenantIds: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** The id in a key of id and tenant. The key has both because one id may be requested in two tenants, but exists in at most one. */
function idOf(key: string): string {
  return key.slice(0, 36);
}

export const uuids = (ids: readonly (string | null)[]) => binaryArray('uuid', ids);
export const texts = (values: readonly string[]) => binaryArray('text', values);

function unnest(arrays: readonly string[], columns: readonly string[], withPosition: boolean): string {
  const names = withPosition ? [...columns, 'position'] : columns;
  return `unnest(${arrays.join(', ')})${withPosition ? ' WITH ORDINALITY' : ''} AS wanted (${names.join(', ')})`;
}

const arraysOf = (numbers: Numbers, columns: Readonly<Record<string, string>>) =>
  Object.values(columns).map((type) => `${numbers.next()}::${type}[]`);

/** Statements for several tenants: each list of ids or rows has a parallel list of tenants. */
export const SEVERAL_TENANTS: Shape = {
  numbers: () => new Numbers(1),
  leading: () => [],
  /**
   * Reads the ids by tenant, from idsByTenant, with one index scan for each tenant: half the CPU of a look-up for each pair. The
   * tenants are in the given order and the ids are sorted. OFFSET 0 makes Postgres slice the array of ids only once: otherwise
   * it would evaluate the slice again for every row that another batch changed while this one waited.
   */
  wantedIds(numbers) {
    const [tenants, starts, ends, ids] = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
    return {
      from: `(SELECT tenant, in_tenant, (${ids}::uuid[])[first::integer:last::integer] AS ids
    FROM unnest(${tenants}::uuid[], ${starts}::bigint[], ${ends}::bigint[]) WITH ORDINALITY AS given (in_tenant, first, last, tenant)
    OFFSET 0) AS wanted`,
      tenant: 'wanted.in_tenant',
      isOneOf: (column) => `${column} = ANY (${tenants}::uuid[])`,
      ids,
    };
  },
  wanted(numbers, columns, withPosition = false) {
    return unnest([`${numbers.next()}::uuid[]`, ...arraysOf(numbers, columns)], ['tenant_id', ...Object.keys(columns)], withPosition);
  },
  tenants: (tenantIds) => [uuids(tenantIds)],
  tenantOf: (alias) => `${alias}.tenant_id`,
  alsoOfTenant: () => '',
  anchored: (text) => text,
  isListed: (numbers, column) => `${column} = ANY (${numbers.next()}::uuid[])`,
  listed: (tenantIds) => [uuids(tenantIds)],
  /** The sorted tenants, and all their ids in one list, with the positions of each tenant's first and last id. */
  idsByTenant(keys) {
    const ids = new Map<string, string[]>();
    for (const [key, tenantId] of keys) {
      const known = ids.get(tenantId);
      if (known) known.push(idOf(key));
      else ids.set(tenantId, [idOf(key)]);
    }
    const tenantIds = [...ids.keys()].sort();
    const starts: number[] = [];
    const ends: number[] = [];
    const sorted: string[] = [];
    for (const tenantId of tenantIds) {
      starts.push(sorted.length + 1);
      for (const id of ids.get(tenantId) ?? []) sorted.push(id);
      ends.push(sorted.length);
    }
    return { tenantIds, parameters: [uuids(tenantIds), binaryArray('bigint', starts), binaryArray('bigint', ends), uuids(sorted)] };
  },
};

/** The tenant as a parameter. Comparing it with the tenant of every table tells a distributed database the one shard. */
const TENANT = '$1::uuid';
const anchoredAtTenant = (text: string) =>
  `SELECT found.* FROM (${text}) AS found, (SELECT count(*) FROM tenant WHERE id = $1::uuid) AS anchor`;

export const ONE_TENANT: Shape = {
  numbers: () => new Numbers(2),
  leading: (tenantId) => [tenantId],
  wantedIds(numbers) {
    const ids = numbers.next();
    return {
      from: `(SELECT 1 AS tenant, ${ids}::uuid[] AS ids) AS wanted`,
      tenant: TENANT,
      isOneOf: (column) => `${column} = ${TENANT}`,
      ids,
    };
  },
  wanted: (numbers, columns, withPosition = false) => unnest(arraysOf(numbers, columns), Object.keys(columns), withPosition),
  tenants: () => [],
  tenantOf: () => TENANT,
  alsoOfTenant: (alias) => `${alias}.tenant_id = ${TENANT} AND `,
  anchored: anchoredAtTenant,
  isListed: (_numbers, column) => `${column} = ${TENANT}`,
  listed: () => [],
  idsByTenant(keys) {
    return { tenantIds: [...new Set(keys.values())], parameters: [uuids([...keys.keys()].map(idOf))] };
  },
};
