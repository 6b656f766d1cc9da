import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeId, decodeIdOf, encodeId, type NodeType } from '../../schema/core/global-id.ts';
import type { Actor, Role } from '../../src/kernel/actor.ts';

const TENANT_ID = '01900000-0000-7000-8000-000000000001';
const OTHER_TENANT_ID = '01900000-0000-7000-8000-000000000002';

function seenBy(role: Role, tenantId = TENANT_ID): { actor: Actor } {
  return {
    actor: {
      userId: tenantId,
      tenantId,
      email: 'any@one.test',
      role,
      sessionId: tenantId,
      sessionExpiresAtMs: 0,
      key: null,
      mustChangePassword: false,
      support: null,
      panel: null,
    },
  };
}

const types = fc.constantFrom<NodeType>('Reseller', 'Account', 'Transfer', 'Entry', 'User');
const rows = fc.record({ tenantId: fc.constant(TENANT_ID), id: fc.uuid(), version: fc.maxSafeNat() });
const roles = fc.constantFrom<Role>('PLATFORM', 'OWNER', 'VIEWER');

test('an id identifies its row, whoever sees it', () => {
  fc.assert(
    fc.property(types, rows, roles, (type, row, role) => {
      const ctx = seenBy(role);
      const named = decodeId(ctx, encodeId(ctx, type, row));
      expect(named).toEqual({ type, tenantId: TENANT_ID, id: row.id, version: type === 'Entry' ? row.version : 0 });
    }),
  );
});

test('rows of different types, ids or versions have different ids', () => {
  fc.assert(
    fc.property(types, rows, types, rows, (type, row, otherType, otherRow) => {
      const ctx = seenBy('OWNER');
      const isSame = type === otherType && row.id === otherRow.id && (type !== 'Entry' || row.version === otherRow.version);
      expect(encodeId(ctx, type, row) === encodeId(ctx, otherType, otherRow)).toBe(isSame);
    }),
  );
});

test("a panel's id matches a row of its viewer's own tenant, and the platform's id matches none for a panel", () => {
  fc.assert(
    fc.property(types, rows, (type, row) => {
      const [owner, stranger, platform] = [seenBy('OWNER'), seenBy('OWNER', OTHER_TENANT_ID), seenBy('PLATFORM')];
      expect(decodeId(stranger, encodeId(owner, type, row))?.tenantId).toBe(OTHER_TENANT_ID);
      expect(decodeId(owner, encodeId(platform, type, row))).toBeNull();
      expect(decodeId(platform, encodeId(owner, type, row))).toBeNull();
    }),
  );
});

test('an id has one spelling: any other text matches nothing', () => {
  const ctx = seenBy('OWNER');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      ),
      (id) => {
        const named = decodeId(ctx, id);
        if (named !== null) expect(encodeId(ctx, named.type, named)).toBe(id);
      },
    ),
  );
  const id = encodeId(ctx, 'Reseller', { tenantId: TENANT_ID, id: OTHER_TENANT_ID });
  for (const spelling of [`${id}=`, ` ${id}`, `${id}A`, id.slice(0, -1)]) expect(decodeId(ctx, spelling)).toBeNull();
  expect(decodeIdOf(ctx, 'Account', id)).toBeNull();
});
