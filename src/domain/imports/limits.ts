/** The limits of an import. */

/** The size of a file. */
export const MAX_FILE_BYTES = 200_000_000;
/** The records of a file, without its heading. */
export const MAX_ROWS = 1_000_000;
export const MAX_COLUMNS = 100;
/** The length of one record. */
export const MAX_RECORD_CHARACTERS = 65_536;
/** The part of a file that is searched for the separator. */
export const SAMPLE_CHARACTERS = 65_536;
/** The problems that are stored for one import. Later ones are not stored, but their rows are still counted. */
export const MAX_PROBLEMS = 10_000;
/** How long a preview is stored after its upload. */
export const KEPT_DAYS = 7;
/** The size of a stored piece of a file. */
export const CHUNK_BYTES = 262_144;
/** The imports of a tenant that are not committed. */
export const MAX_OPEN_IMPORTS = 5;
/** The rows that one statement writes. */
export const WRITTEN_ROWS = 500;
/** An upload that takes longer is given up. */
export const UPLOAD_MINUTES = 60;
/** The rows of a commit that are posted at once. It is small, so that other commands are posted in between. */
export const COMMITTED_ROWS = 100;
/** The rows of a commit that are read at once, and whose outcomes are stored at once. */
export const SETTLED_ROWS = 500;
/** How long an imported owner's invitation is valid. */
export const INVITATION_DAYS = 14;
/** The owners that one call invites. */
export const INVITED_OWNERS = 500;
