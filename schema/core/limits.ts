/** The limits of connections. */

/** Nodes a connection answers when the caller names no number, and at most. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** Ids in one `nodes`. */
export const MAX_NODES = 100;

/** Characters of a global id or a cursor: longer ones are malformed without being read. */
export const MAX_OPAQUE_LENGTH = 512;

/** Characters of a search. */
export const MAX_SEARCH_LENGTH = 100;

/** What one operation may cost: a field is 1, and what lies below a connection counts once for every node asked for. */
export const MAX_COMPLEXITY = 25_000;

/** Fields answered by a statement of their own. */
export const STATEMENT_COMPLEXITY = 10;

/** Fields answered by reading a month of a journal. */
export const REPORT_COMPLEXITY = 250;
