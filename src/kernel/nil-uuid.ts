/** The nil UUID (RFC 9562, 5.9). No row has it and it is lower than every other id, so a scan in id order starts after it. */

export const NIL_UUID = '00000000-0000-0000-0000-000000000000';
