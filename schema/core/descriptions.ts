/** Sentences that several fields share. */
export const REPLAYED = 'Whether an earlier call with the same key and input had done it: the accounts are then as they are now.';
/** Of what takes credits from the acting panel. */
export const USE_RESERVE = 'Whether it may leave less than what your panel keeps in reserve.';
export const IDEMPOTENCY_KEY =
  '1 to 255 characters of your choosing, used once a command: the same key and input again answers what was done, and does nothing. Passwords are not compared.';

/** What both batch mutations say of their modes. */
export const BATCH_MODES =
  "ATOMIC: all or none, and the first refusal in input order is named, but every item's values (INVALID_INPUT, BELOW_MINIMUM) are looked at before any item's rights. BEST_EFFORT: a result for each.";
