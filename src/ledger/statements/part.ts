/** What a write is put together from: rows as columns of arrays, each with the statement that takes them. */

import { binaryArray, isBinaryType, type Parameter } from '../../db/arrays/binary.ts';
import { plainArray } from '../../db/arrays/literal.ts';
import type { Command } from '../command.ts';
import type { Posted } from '../outcome.ts';

/** A command that was accepted, with what it did. */
export interface Accepted {
  readonly command: Command;
  readonly posted: Posted;
}

export type Value = string | number | null;

/** One array parameter: its name in the statement, its SQL type, and its values: see parameterOf. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly values: Value[];
}

export interface Part {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The data-modifying statement over `given`, the rows of the columns. */
  readonly sql: string;
}

/** A time of the given milliseconds. */
export const at = (column: string) => `to_timestamp(${column}::double precision / 1000)`;

export function column(name: string, type: string): Column {
  return { name, type, values: [] };
}

/** Binary where it costs most; the few others (enums, whose numbers differ from database to database, and small ones) as literals. */
export function parameterOf({ type, values }: Column): Parameter {
  return isBinaryType(type) ? binaryArray(type, values) : plainArray(values);
}

/** Builds a part by letting `fill` push one value a column, in order, for each row. */
export function part(
  name: string,
  sql: string,
  columns: readonly Column[],
  fill: (row: (...values: readonly Value[]) => void) => void,
): Part {
  fill((...values) => {
    for (let index = 0; index < columns.length; index += 1) columns[index]?.values.push(values[index] ?? null);
  });
  return { name, columns, sql };
}
