/** Creates the demo tree in an empty embedded database, through the use cases. */

import { ensurePlatformUser } from '../src/domain/identity/ensure-platform-user.ts';
import type { Ports } from '../src/domain/ports.ts';
import { PLATFORM_SELLER, packagesOf } from '../src/domain/purchase/seller.ts';
import { setCreditPackages } from '../src/domain/purchase/set-credit-packages.ts';
import { createReseller } from '../src/domain/reseller/create-reseller.ts';
import { transferCredits } from '../src/domain/reseller/transfer-credits.ts';
import { createTenant } from '../src/domain/tenant/create-tenant.ts';
import { issueCredits } from '../src/domain/tenant/issue-credits.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../src/kernel/actor.ts';

/** The password of every user in the demo tree. */
export const DEMO_PASSWORD = 'revenda-demo';

const PLATFORM = 'platform@revenda.test';
const ROOT = 'root@demo.test';
const ANA = 'ana@demo.test';
const BRUNO = 'bruno@demo.test';
const ZERO = 'zero@demo.test';
const CAIO = 'caio@demo.test';
const OTHER = 'root@other.test';

/** The users of the demo tree, and the panel of each. */
export const DEMO_USERS: readonly { readonly email: string; readonly who: string }[] = [
  { email: PLATFORM, who: 'the platform' },
  { email: ROOT, who: 'root panel, 1000 credits' },
  { email: ANA, who: 'child of root, 100' },
  { email: BRUNO, who: 'child of ana, 10' },
  { email: ZERO, who: 'child of root, 0: locked' },
  { email: CAIO, who: 'child of zero, 10' },
  { email: OTHER, who: 'root panel of another tenant, 50' },
];

const DEMO_PRICES = [
  { quantity: 10, unitPriceMinor: 1_000 },
  { quantity: 50, unitPriceMinor: 900 },
  { quantity: 100, unitPriceMinor: 800 },
  { quantity: 500, unitPriceMinor: 700 },
];

/** The idempotency key of the last step. If it exists, the demo tree is complete. */
const LAST_KEY = 'demo: issue to Other';

/**
 * Creates the demo tree through the ordinary use cases. Every step has a fixed idempotency key, so that the next start completes
 * an interrupted one. A complete tree is not touched again, because users may have changed it.
 */
export async function seedDemo(ports: Ports): Promise<void> {
  await ensurePlatformUser(ports, PLATFORM, DEMO_PASSWORD);
  const platform = await actorOf(ports, PLATFORM);
  await listPrices(ports, platform);
  if (await isDone(ports)) return;
  const tenant = (name: string, ownerEmail: string) =>
    createTenant(ports, platform, { name, ownerEmail, ownerPassword: DEMO_PASSWORD, idempotencyKey: `demo: tenant ${name}` });

  await tenant('Demo', ROOT);
  const root = await actorOf(ports, ROOT);
  await issue(ports, platform, root, 1120, 'demo: issue to Demo');
  const ana = await child(ports, root, 'Ana', ANA, 10);
  const more = { toResellerId: panelOf(ana).id, amount: 100, memo: 'First top-up', idempotencyKey: 'demo: transfer to Ana' };
  await transferCredits(ports, root, more, panelOf(ana));
  await child(ports, ana, 'Bruno', BRUNO, 10);
  const zero = await child(ports, root, 'Zero', ZERO, 10);
  await child(ports, zero, 'Caio', CAIO, 10);

  await tenant('Other', OTHER);
  await issue(ports, platform, await actorOf(ports, OTHER), 50, LAST_KEY);
}

/** Sets the platform's prices, in Brazilian cents. An existing list is not replaced, because the platform may have changed it. */
async function listPrices(ports: Ports, platform: Actor): Promise<void> {
  if ((await packagesOf(ports.sql, PLATFORM_SELLER)).length > 0) return;
  await setCreditPackages(ports, { actor: platform, address: null }, { currency: 'BRL', packages: DEMO_PRICES });
}

async function child(ports: Ports, creator: Actor, name: string, email: string, initialCredits: number): Promise<Actor> {
  await createReseller(ports, creator, {
    name,
    email,
    password: DEMO_PASSWORD,
    initialCredits,
    idempotencyKey: `demo: reseller ${name}`,
  });
  return actorOf(ports, email);
}

async function issue(ports: Ports, platform: Actor, to: Actor, amount: number, idempotencyKey: string): Promise<void> {
  const panel = panelOf(to);
  await issueCredits(ports, platform, { resellerId: panel.id, amount, memo: 'Demo credits', idempotencyKey }, panel);
}

function panelOf(actor: Actor): { tenantId: string; id: string } {
  if (!actor.panel) throw new Error('a user of the platform has no panel');
  return { tenantId: actor.tenantId, id: actor.panel.id };
}

async function isDone({ sql }: Ports): Promise<boolean> {
  const rows = await sql`
    SELECT FROM command_key WHERE tenant_id = ${PLATFORM_TENANT_ID} AND scope_id = ${PLATFORM_TENANT_ID} AND key = ${LAST_KEY}`;
  return rows.length > 0;
}

/** The user as an actor, without a session. */
async function actorOf({ sql }: Ports, email: string): Promise<Actor> {
  const [row] = await sql<(Pick<Actor, 'userId' | 'tenantId' | 'role'> & { panelId: string | null; path: string; depth: number })[]>`
    SELECT u.id AS "userId", u.tenant_id AS "tenantId", u.role, r.id AS "panelId", r.path, r.depth
    FROM app_user u LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    WHERE u.email = ${email}`;
  if (!row) throw new Error('a user of the demo is missing');
  const panel = row.panelId === null ? null : { id: row.panelId, path: row.path, depth: row.depth };
  const { userId, tenantId, role } = row;
  return {
    userId,
    tenantId,
    role,
    email,
    sessionId: PLATFORM_TENANT_ID,
    sessionExpiresAtMs: 0,
    key: null,
    mustChangePassword: false,
    support: null,
    panel,
  };
}
