/** How the statements of posting name their tenants: several at once, or one that is the first parameter (ADR-0131). */

import { binaryArray, type Parameter } from '../../db/arrays/binary.ts';

/** Numbers the parameters of one text in the order in which they stand there. */
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

/** Ids of tenants, named as `wanted`. */
export interface WantedIds {
  /** With the columns `tenant`, the position of the tenant among those given, and `ids`. */
  readonly from: string;
  /** The tenant of a row of `from`. */
  readonly tenant: string;
  /** Whether a column is of one of the tenants. */
  isOneOf(column: string): string;
  /** All the ids. */
  readonly ids: string;
}

/** The pieces that differ between a statement about several tenants and one about one. Parameters are given in the same order. */
export interface Shape {
  /** Of a new text. */
  numbers(): Numbers;
  /** What stands before all others in a statement about one tenant. */
  leading(tenantId: string): Parameter[];
  wantedIds(numbers: Numbers): WantedIds;
  /** Rows of arrays, each with its tenant, as `wanted`. */
  wanted(numbers: Numbers, columns: Readonly<Record<string, string>>, withPosition?: boolean): string;
  /** The tenants of such rows, before the columns. */
  tenants(tenantIds: readonly string[]): Parameter[];
  /** The tenant of a row of `alias`. */
  tenantOf(alias: string): string;
  /** A condition, with its AND, that a row of `alias` is of the tenant, where a list of several tenants says nothing of it. */
  alsoOfTenant(alias: string): string;
  /** Of a SELECT that names no table: so that it runs where the tenant's rows are. */
  anchored(text: string): string;
  /** The tenants whose rows are asked for in a list of their own. */
  isListed(numbers: Numbers, column: string): string;
  listed(tenantIds: readonly string[]): Parameter[];
  /** The tenants, and their ids. */
  idsByTenant(keys: ReadonlyMap<string, string>): TenantsIds;
}

interface TenantsIds {
  readonly tenantIds: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** An id from a map's key of id and tenant: one id may be asked for in two tenants, and exists in at most one. */
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

/** Each list of ids or rows comes with its tenants. */
export const SEVERAL_TENANTS: Shape = {
  numbers: () => new Numbers(1),
  leading: () => [],
  /**
   * Ids by tenant, from idsByTenant: one index scan a tenant, tenants in the order given and ids sorted, for half the CPU of a
   * look-up for each pair. OFFSET 0 has the ids cut out once: Postgres checks the condition again for every row that another
   * batch changed while this one waited.
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
  /** The tenants, sorted, and their ids one tenant's after another's, with where each begins and ends. */
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

/** The tenant is a parameter, compared with the tenant of every table: this is how a distributed database knows the one shard. */
const TENANT = '$1::uuid';
const besideTenant = (text: string) =>
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
  anchored: besideTenant,
  isListed: (_numbers, column) => `${column} = ${TENANT}`,
  listed: () => [],
  idsByTenant(keys) {
    return { tenantIds: [...new Set(keys.values())], parameters: [uuids([...keys.keys()].map(idOf))] };
  },
};
