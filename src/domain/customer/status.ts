/** Computes a customer's status from its row and the clock, in memory or as a filter. */

export type CustomerStatus = 'TRIAL' | 'ACTIVE' | 'EXPIRED' | 'CANCELED';

interface Facts {
  /** Whether it has never been paid for. */
  readonly isTrial: boolean;
  readonly expiresAt: Date;
  readonly canceledAt: Date | null;
}

/**
 * EXPIRED wins over the others, and CANCELED over TRIAL. `now` is the database's clock (R25): service ends in the millisecond of
 * `expiresAt`.
 */
export function statusOf({ canceledAt, expiresAt, isTrial }: Facts, now: Date): CustomerStatus {
  if (expiresAt <= now) return 'EXPIRED';
  if (canceledAt !== null) return 'CANCELED';
  return isTrial ? 'TRIAL' : 'ACTIVE';
}

/** The same rule as a Prisma filter. */
export function whereStatus(status: CustomerStatus, now: Date) {
  switch (status) {
    case 'EXPIRED':
      return { expiresAt: { lte: now } };
    case 'CANCELED':
      return { expiresAt: { gt: now }, canceledAt: { not: null } };
    case 'TRIAL':
    case 'ACTIVE':
      return { expiresAt: { gt: now }, canceledAt: null, isTrial: status === 'TRIAL' };
  }
}
