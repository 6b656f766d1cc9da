/** Turns a refusal into text. */

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '../data/refusal.ts';
import type { errors } from '../i18n/en/errors.ts';

const CODES: readonly Exclude<keyof typeof errors, 'field' | 'limit'>[] = [
  'UNAUTHENTICATED',
  'INVALID_CREDENTIALS',
  'OTP_REQUIRED',
  'RATE_LIMITED',
  'PASSWORD_CHANGE_REQUIRED',
  'FORBIDDEN',
  'NOT_FOUND',
  'PANEL_LOCKED',
  'PANEL_SUSPENDED',
  'INSUFFICIENT_CREDITS',
  'NOT_DIRECT_CHILD',
  'BELOW_MINIMUM',
  'WOULD_USE_RESERVE',
  'LIMIT_REACHED',
  'IDEMPOTENCY_CONFLICT',
  'ALREADY_EXISTS',
  'TRIAL_QUOTA',
  'TRIAL_ALREADY_USED',
  'INVALID_STATE',
  'INVALID_INPUT',
  'BAD_USER_INPUT',
  'LIMIT_EXCEEDED',
];

const LIMITS: readonly (keyof typeof errors.limit)[] = [
  ...(['undosPerDay', 'mayCreateResellers', 'maxResellers', 'maxCustomers', 'maxTrialsPerDay', 'maxScreensPerCustomer'] as const),
];

/** A hook that returns a refusal's text in the person's language, by its code. */
export function useRefusalText(): (refusal: Refusal) => string {
  const { t } = useTranslation('errors');
  return (refusal) => refusalText(t, refusal);
}

/** The same for callers outside components. */
export function refusalText(
  t: TFunction<'errors'>,
  { allowed = 0, balance = 0, code, left = 0, limit, minimum = 0, required = 0, reserve = 0, retryAfterSeconds = 0, used = 0 }: Refusal,
): string {
  const known = CODES.find((each) => each === code) ?? 'OTHER';
  const limited = LIMITS.find((each) => code === 'LIMIT_REACHED' && each === limit);
  return t(limited ? `limit.${limited}` : known, {
    allowed,
    balance,
    balanceAfter: left,
    code,
    minimum,
    required,
    reserve,
    retryAfterSeconds,
    used,
  });
}
