/** Composes the text of a write from its parts: for rows of several tenants, or for one tenant as a parameter (ADR-0131). */

import type { Parameter, Statement } from '../../db/arrays/binary.ts';
import { type Part, parameterOf } from './part.ts';

/** The backend and transaction that hold the locks. The write fails anywhere else. */
export interface TransactionIdentity {
  readonly pid: number;
  readonly xid: string;
}

/** A write for several tenants: each part has a column with the tenant of every row. */
export function writeForSeveral(parts: readonly Part[], by: TransactionIdentity): Statement {
  const parameters: Parameter[] = [String(by.pid), by.xid];
  for (const part of parts) {
    for (const column of part.columns) parameters.push(parameterOf(column));
  }
  return { text: textOf(parts), parameters };
}

/** Texts by their combination of parts, so that each is built, and prepared by Postgres, only once. */
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

/** A write for the batch's only tenant, which is a parameter. The first column of every part, the tenant, is left out. */
export function writeForOne(parts: readonly Part[], by: TransactionIdentity, tenantId: string): Statement {
  const parameters: Parameter[] = [String(by.pid), by.xid, tenantId];
  for (const part of parts) {
    for (const column of part.columns.slice(1)) parameters.push(parameterOf(column));
  }
  return { text: textOfOne(parts), parameters };
}

const textsOfOne = new Map<string, string>();

/**
 * Joins the rows with the tenant's own row, which tells a distributed database the shard of an INSERT ... SELECT. Each INSERT and UPDATE is
 * one task there, in this order. assert_same_transaction runs last, on the machine that took the locks; if it fails, the whole
 * statement is rolled back.
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
    // A new tenant has no row yet to join with.
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
