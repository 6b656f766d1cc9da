/** Defines the parts of a write: each has rows, as one array for each column, and the statement that writes them. */

import { binaryArray, isBinaryType, type Parameter } from '../../db/arrays/binary.ts';
import { plainArray } from '../../db/arrays/literal.ts';
import type { Command } from '../command.ts';
import type { Posted } from '../outcome.ts';

/** An accepted command, with its result. */
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

/** The SQL of a timestamp from a column of milliseconds. */
export const at = (column: string) => `to_timestamp(${column}::double precision / 1000)`;

export function column(name: string, type: string): Column {
  return { name, type, values: [] };
}

/** Frequent types become binary arrays, the others array literals: small types, and enums, whose type numbers differ between databases. */
export function parameterOf({ type, values }: Column): Parameter {
  return isBinaryType(type) ? binaryArray(type, values) : plainArray(values);
}

/** Builds a part. `fill` calls its argument once for each row, with one value for each column in order. */
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
