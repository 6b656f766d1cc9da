/** Descriptions that several fields share. */
export const REPLAYED =
  'Whether an earlier call with the same key and input already did this (R31). The accounts are then as they are now.';
/** For every input that spends credits of the acting panel. */
export const USE_RESERVE =
  'Allows the balance to fall below `reserveThreshold` although the panel has `keepReserve`. Otherwise: WOULD_USE_RESERVE (R57).';
export const IDEMPOTENCY_KEY =
  '1 to 255 characters of your choice, a new one for each command (R31). A call that repeats key and input does nothing and returns the first result. The same key with another input is refused: IDEMPOTENCY_CONFLICT. Passwords are not compared.';

/** The modes of both batch mutations. */
export const BATCH_MODES =
  'ATOMIC: all items or none. BATCH_REFUSED names the first refused item in input order, but the values of all items (INVALID_INPUT, BELOW_MINIMUM) are checked before the rights of any item (R35). BEST_EFFORT: each item has its own result.';
