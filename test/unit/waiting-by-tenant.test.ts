import { expect, test } from 'vitest';
import type { Command } from '../../src/ledger/command.ts';
import type { Submission } from '../../src/ledger/posting/submission.ts';
import { Unreachable } from '../../src/ledger/posting/unreachable.ts';
import { WaitingByTenant } from '../../src/ledger/posting/waiting-by-tenant.ts';

const ALONE = { atomic: false, alone: false, usedValues: null, origin: undefined, deadlineMs: 0, resolve() {}, reject() {} } as const;

/** One command of a tenant, which needs one row. */
function submission(tenantId: string, row: string): Submission {
  const command: Command = {
    kind: 'transferCredits',
    tenantId,
    scopeTenantId: tenantId,
    scopeId: row,
    actorId: 'actor',
    roles: ['OWNER'],
    key: row,
    hash: '00',
    transferId: row,
    toId: null,
    amount: 1,
    memo: null,
  };
  return { ...ALONE, commands: [command], rows: [`${tenantId} ${row}`], state: 'waiting' };
}

const rowsOf = (batch: readonly Submission[]) => batch.flatMap(({ rows }) => rows);
const parkNone = () => false;

function line(...submissions: readonly Submission[]): WaitingByTenant {
  const waiting = new WaitingByTenant(2);
  for (const one of submissions) waiting.push(one);
  return waiting;
}

test('a batch has commands of one tenant, in the order of arrival, and the tenants take turns', () => {
  const waiting = line(submission('a', '1'), submission('b', '1'), submission('a', '2'), submission('c', '1'));
  const first = waiting.take(256, 8, parkNone);
  expect(rowsOf(first)).toEqual(['a 1', 'a 2']);
  waiting.push(submission('a', '3'));
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['b 1']);
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['c 1']);
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['a 3']);
  expect(waiting.length).toBe(0);
});

test('a tenant has a bounded number of batches in flight, and the others go on', () => {
  const waiting = line(submission('a', '1'));
  const first = waiting.take(256, 8, parkNone);
  waiting.push(submission('a', '2'));
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['a 2']);
  waiting.push(submission('a', '3'));
  waiting.push(submission('b', '1'));
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['b 1']);
  expect(waiting.take(256, 8, parkNone)).toEqual([]);
  waiting.free(first);
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['a 3']);
});

test('a command waits for the row of a running batch, and later commands for the same row wait behind it', () => {
  const waiting = line(submission('a', '1'));
  const first = waiting.take(256, 8, parkNone);
  waiting.push(submission('a', '1'));
  waiting.push(submission('a', '2'));
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['a 2']);
  expect(waiting.length).toBe(1);
  waiting.free(first);
  expect(rowsOf(waiting.take(256, 8, parkNone))).toEqual(['a 1']);
});

test('a parked or answered command no longer waits', () => {
  const [one, other] = [submission('a', '1'), submission('b', '1')];
  other.state = 'answered';
  const waiting = line(one, other);
  expect(waiting.take(256, 8, (asked) => asked === one)).toEqual([]);
  expect(waiting.length).toBe(0);
});

test('a tenant whose machine is lost is refused for a second, and no other is', () => {
  const unreachable = new Unreachable();
  unreachable.saw([submission('a', '1')], 1_000);
  expect(unreachable.refuse(submission('a', '2'), 1_500)).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
  expect(unreachable.refuse(submission('b', '1'), 1_500)).toBeNull();
  expect(unreachable.refuse(submission('a', '2'), 2_000)).toBeNull();
});
