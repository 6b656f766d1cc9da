import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ChangedVersion,
  decodeNotification,
  encodeChanges,
  encodeNotification,
  encodeRights,
  type Message,
} from '../../src/feed/hints/message.ts';

const key = fc.uuid();
const pendingHints = fc.array(
  fc.tuple(key, fc.array(fc.tuple(key, fc.nat({ max: Number.MAX_SAFE_INTEGER })), { minLength: 1, maxLength: 400 })),
  {
    maxLength: 5,
  },
);

function decode(payload: string): Message | undefined {
  return decodeNotification(payload)?.read();
}

test('hints of any number of accounts and tenants arrive as sent, in notifications that Postgres accepts', () => {
  fc.assert(
    fc.property(pendingHints, (tenants) => {
      const pending = new Map(tenants.map(([tenantId, accounts]) => [tenantId, new Map(accounts)]));
      const sent = [...pending].flatMap(([tenantId, accounts]) => [...accounts].map(([id, version]) => ({ tenantId, id, version })));
      const payloads = encodeChanges(pending).map((message, index) => encodeNotification('abcdefghijkl', 10 ** 14 + index, message));
      for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(7_900);
      const received = payloads.flatMap((payload): readonly ChangedVersion[] => {
        const message = decode(payload);
        return message?.kind === 'changes' ? message.changes : [];
      });
      expect(received).toEqual(sent);
    }),
    { numRuns: 50 },
  );
});

test('a hint about rights that is too long for a notification makes receivers check everything again', () => {
  const paths = ['a.b.', 'c.'];
  const short = encodeNotification('p', 1, encodeRights({ kind: 'branch', tenantId: 't', paths }));
  expect(decode(short)).toEqual({ kind: 'rights', hint: { kind: 'branch', tenantId: 't', paths } });
  const long = encodeNotification('p', 1, encodeRights({ kind: 'branch', tenantId: 't', paths: ['a.'.repeat(8_000)] }));
  expect(decode(long)).toEqual({ kind: 'lost', ageMs: 0 });
});

test('a message of another server version that this one does not understand counts as lost', () => {
  expect(decode('p:1:z:whatever')).toEqual({ kind: 'lost', ageMs: 0 });
  expect(decode('p:1:r:{"kind":"planet"}')).toEqual({ kind: 'lost', ageMs: 0 });
  expect(decode('p:1:c:nonsense')).toEqual({ kind: 'lost', ageMs: 0 });
  expect(decodeNotification('not one of ours')).toBeNull();
});
