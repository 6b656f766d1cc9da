/** The limits of pages, ids, searches and the cost of an operation. */

/** Nodes that a connection returns by default, and at most. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** Most ids in one call of `nodes`. */
export const MAX_NODES = 100;

/** Most characters of a global id or a cursor. Longer ones are malformed and are not decoded. */
export const MAX_OPAQUE_LENGTH = 512;

/** Most characters of a search text. */
export const MAX_SEARCH_LENGTH = 100;

/** The most that one operation may cost. A field costs 1, and fields below a connection count once for every requested node. */
export const MAX_COMPLEXITY = 25_000;

/** The cost of a field that needs its own SQL statement. */
export const STATEMENT_COMPLEXITY = 10;

/** The cost of a field that reads about a month of the journal. */
export const REPORT_COMPLEXITY = 250;
