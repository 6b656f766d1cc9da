/** The nil UUID (RFC 9562, 5.9): no row has it, and it is below every other, so a walk over ids begins above it. */

export const NIL_UUID = '00000000-0000-0000-0000-000000000000';
