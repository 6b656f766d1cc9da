/** What a write is put together from: rows as columns of arrays, each with the statement that takes them. */

export type Value = string | number | null;

/** One array parameter: its name in the statement, its SQL type, whether its values need quoting, and its values. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly quoted: boolean;
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

export function column(name: string, type: string, quoted = false): Column {
  return { name, type, quoted, values: [] };
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

/** As an element of an array literal, in which a backslash is doubled. */
export function byteaOf(hex: string): string {
  return `\\\\x${hex}`;
}
