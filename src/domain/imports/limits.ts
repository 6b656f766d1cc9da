/** The limits of an import. */

/** Of a file. */
export const MAX_FILE_BYTES = 200_000_000;
/** Records of a file, its heading aside. */
export const MAX_ROWS = 1_000_000;
export const MAX_COLUMNS = 100;
/** Of one record, from its first character to its last. */
export const MAX_RECORD_CHARACTERS = 65_536;
/** Of what is looked at to find the separator. */
export const SAMPLE_CHARACTERS = 65_536;
/** Problems of one import that are kept; the count of rows goes on. */
export const MAX_PROBLEMS = 10_000;
/** A preview is kept for so long after its upload. */
export const KEPT_DAYS = 7;
/** Of what is kept of a file in one piece. */
export const CHUNK_BYTES = 262_144;
/** Imports of a tenant that are not committed. */
export const MAX_OPEN_IMPORTS = 5;
/** Rows that are written in one statement. */
export const WRITTEN_ROWS = 500;
/** A file that did not come to its end in this time is given up. */
export const UPLOAD_MINUTES = 60;
/** Rows of a commit that are posted as one item of the ledger: normal traffic has its place beside them. */
export const COMMITTED_ROWS = 100;
/** Rows of a commit that are read at once, and of which is written down at once what became of them. */
export const SETTLED_ROWS = 500;
/** A link that invites an imported owner works for so long. */
export const INVITATION_DAYS = 14;
/** Owners who are invited in one call. */
export const INVITED_OWNERS = 500;
