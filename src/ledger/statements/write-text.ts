/** The text of a write, from the parts that it has: over rows of several tenants, or of one that is a parameter (ADR-0131). */

import type { Parameter, Statement } from '../../db/arrays/binary.ts';
import { type Part, parameterOf } from './part.ts';

/** The backend and transaction that hold the locks; the write is refused anywhere else. */
export interface TransactionIdentity {
  readonly pid: number;
  readonly xid: string;
}

export function ofSeveral(parts: readonly Part[], by: TransactionIdentity): Statement {
  const parameters: Parameter[] = [String(by.pid), by.xid];
  for (const part of parts) {
    for (const column of part.columns) parameters.push(parameterOf(column));
  }
  return { text: textOf(parts), parameters };
}

/** Texts by the parts they have, so that each combination is built, and prepared by Postgres, once. */
const texts = new Map<string, string>();

function textOf(parts: readonly Part[]): string {
  const combination = parts.map((part) => part.name).join();
  const known = texts.get(combination);
  if (known) return known;
  let position = 2;
  const expressions = parts.map((part) => {
    const arrays = part.columns.map((column) => {
      position += 1;
      return `$${position}::${column.type}[]`;
    });
    const given = `SELECT * FROM unnest(${arrays.join(', ')}) AS g (${part.columns.map((column) => column.name).join(', ')})`;
    return `given_${part.name} AS (${given}),\n${part.sql.replaceAll('given', `given_${part.name}`)}`;
  });
  const text = `WITH ${expressions.join(',\n')}\nSELECT assert_same_transaction($1::integer, $2::xid8)`;
  texts.set(combination, text);
  return text;
}

/** Of the batch's one tenant, without its column: the first of every part. */
export function ofOne(parts: readonly Part[], by: TransactionIdentity, tenantId: string): Statement {
  const parameters: Parameter[] = [String(by.pid), by.xid, tenantId];
  for (const part of parts) {
    for (const column of part.columns.slice(1)) parameters.push(parameterOf(column));
  }
  return { text: textOfOne(parts), parameters };
}

const textsOfOne = new Map<string, string>();

/**
 * The rows stand beside the tenant's own row, which tells a distributed database the shard of an INSERT ... SELECT. Each INSERT and UPDATE is one
 * task there, in this order, and the guard is asked where the locks were taken: whatever it refuses is rolled back with the statement.
 */
function textOfOne(parts: readonly Part[]): string {
  const combination = parts.map((part) => part.name).join();
  const known = textsOfOne.get(combination);
  if (known) return known;
  let position = 3;
  const expressions = parts.map((part) => {
    const [tenant, ...columns] = part.columns;
    const arrays = columns.map((column) => {
      position += 1;
      return `$${position}::${column.type}[]`;
    });
    const rows = `unnest(${arrays.join(', ')}) AS g (${columns.map((column) => column.name).join(', ')})`;
    // A new tenant has no row yet that others could stand beside.
    const given =
      part.name === 'tenant'
        ? `SELECT $3::uuid AS ${tenant?.name}, g.* FROM ${rows}`
        : `SELECT anchor.id AS ${tenant?.name}, g.* FROM tenant AS anchor, ${rows} WHERE anchor.id = $3::uuid`;
    return `given_${part.name} AS NOT MATERIALIZED (${given}),\n${part.sql.replaceAll('given', `given_${part.name}`)}`;
  });
  const text = `WITH ${expressions.join(',\n')}\nSELECT assert_same_transaction($1::integer, $2::xid8) FROM tenant WHERE id = $3::uuid`;
  textsOfOne.set(combination, text);
  return text;
}
