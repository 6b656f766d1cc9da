/**
 * Credits are whole numbers from 0 to 2^53 − 1 (R5, R36): JavaScript's safe integers, held as `number`, so that
 * JSON, arithmetic and Postgres' bigint agree without conversion. Every sum is checked against MAX_CREDITS.
 */

/** The largest balance, total, version or amount of money: 2^53 − 1. */
export const MAX_CREDITS = Number.MAX_SAFE_INTEGER;

/** The most credits of one issue or purchase (R36). */
export const MAX_ISSUE_CREDITS = 1_000_000_000;

/** The first quantity of the platform's price list (R26), the same for all tenants. */
export const PLATFORM_MINIMUM_PURCHASE = 10;
