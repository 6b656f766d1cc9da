import { expect, test } from 'vitest';
import * as errors from '../../src/kernel/errors.ts';
import { packRefusal, unpackRefusal } from '../../src/kernel/packed-refusal.ts';

const fields = [{ path: 'input.amount', message: 'too many' }];

const REFUSALS: readonly errors.Refusal[] = [
  new errors.Unauthenticated(),
  new errors.BadUserInput('input.amount', 'a number'),
  new errors.Forbidden(),
  new errors.InvalidInput(fields),
  new errors.BelowMinimum('input.amount', 10),
  new errors.IdempotencyConflict(),
  new errors.PanelSuspended(),
  new errors.PanelLocked({ tenantId: 'tenant', id: 'panel' }),
  new errors.TrialRefused('TRIAL_QUOTA', 'no more today'),
  new errors.NotFound(),
  new errors.NotDirectChild(),
  new errors.InvalidState('closed'),
  new errors.AlreadyExists('taken'),
  new errors.LimitReached('maxResellers', 3, 3),
  new errors.InsufficientCredits(7, 5),
  new errors.WouldUseReserve(10, 4),
  new errors.InvalidCredentials(),
  new errors.OtpRequired(),
  new errors.RateLimited(3),
  new errors.PasswordChangeRequired(),
  new errors.LimitExceeded('too long'),
  new errors.Overloaded(2),
  new errors.BatchRefused(4, new errors.InsufficientCredits(7, 5)),
];

test('a refusal that another process decided is thrown with its own class', () => {
  const known = Object.values(errors).filter(({ prototype }) => prototype instanceof errors.Refusal);
  expect(new Set(REFUSALS.map(({ name }) => name))).toEqual(new Set(known.map(({ name }) => name)));
  for (const refusal of REFUSALS) {
    const unpacked = unpackRefusal(JSON.parse(JSON.stringify(packRefusal(refusal))));
    expect(unpacked.constructor).toBe(refusal.constructor);
    expect(unpacked).toBeInstanceOf(Error);
    expect({ ...unpacked, message: unpacked.message, cause: null }).toEqual({ ...refusal, message: refusal.message, cause: null });
  }
  const { cause } = unpackRefusal(packRefusal(new errors.BatchRefused(4, new errors.InsufficientCredits(7, 5))));
  expect(cause).toBeInstanceOf(errors.InsufficientCredits);
  expect(cause).toMatchObject({ required: 7, balance: 5 });
});
