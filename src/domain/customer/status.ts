/** Computes a customer's status from its facts and the clock, in memory and as a filter. */

export type CustomerStatus = 'TRIAL' | 'ACTIVE' | 'EXPIRED' | 'CANCELED';

interface Facts {
  /** Never paid for. */
  readonly isTrial: boolean;
  readonly expiresAt: Date;
  readonly canceledAt: Date | null;
}

/** EXPIRED wins over the others, and CANCELED over TRIAL. `now` by the database's clock (R25): service ends at its very millisecond. */
export function statusOf({ canceledAt, expiresAt, isTrial }: Facts, now: Date): CustomerStatus {
  if (expiresAt <= now) return 'EXPIRED';
  if (canceledAt !== null) return 'CANCELED';
  return isTrial ? 'TRIAL' : 'ACTIVE';
}

/** The same as Prisma's filter. */
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
