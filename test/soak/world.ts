/** The tenant of the soak. */

import { setTimeout as delay } from 'node:timers/promises';
import { encodeId } from '../../schema/core/global-id.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { createSessions, newApiKey } from '../../src/domain/identity/sessions.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';
import { ask } from './client.ts';

const ISSUED = 1_000_000_000;
const CREDITS_OF_A_PANEL = 1_000_000;

/** A panel that pays, with the only child it pays. */
export interface Payer {
  readonly panel: Panel;
  readonly child: Panel;
  readonly token: string;
  /** The child's id as the panel's owner sees it. */
  readonly childId: string;
}

/** One tenant: a root, panels below it, and one child below each panel. */
export interface World {
  readonly ledger: LedgerWorld;
  readonly root: Panel;
  readonly rootToken: string;
  readonly platformToken: string;
  /** An API key of the root with the scope SERVICE. */
  readonly serviceToken: string;
  readonly payers: readonly Payer[];
}

export async function plantWorld(url: string, payers: number): Promise<World> {
  const ledger = await LedgerWorld.open(url);
  const sql = openSql(url, { name: 'soak sessions', max: 4, role: 'revenda_app' });
  const sessions = createSessions({ sql, directory: null, idleMinutes: 600, maxDays: 1 });
  const tokenOf = async (who: { tenantId: string; userId: string }) => {
    const session = await sessions.open(who);
    if (!session) throw new Error('a planted panel may not sign in');
    return session.token;
  };
  const root = await ledger.root(ISSUED);
  const planted = await Promise.all(
    times(payers, async (): Promise<Payer> => {
      const panel = await ledger.child(root, CREDITS_OF_A_PANEL);
      const child = await ledger.child(panel, 10);
      return { panel, child, token: await tokenOf(panel), childId: resellerId(child) };
    }),
  );
  const world = {
    ledger,
    root,
    rootToken: await tokenOf(root),
    serviceToken: await serviceKey(sql, root),
    platformToken: await tokenOf({ tenantId: PLATFORM_TENANT_ID, userId: ledger.platformUserId }),
    payers: planted,
  };
  await sql.end();
  return world;
}

async function serviceKey(sql: Sql, { tenantId, id, userId }: Panel): Promise<string> {
  const { token, prefix, tokenHash } = newApiKey('SERVICE');
  await sql`
    INSERT INTO api_key (tenant_id, id, reseller_id, user_id, name, prefix, token_hash, scope, created_at)
    VALUES (${tenantId}, ${id}, ${id}, ${userId}, 'server', ${prefix}, ${tokenHash}, 'SERVICE', now())`;
  return token;
}

const SET_PRICES = `mutation { result: setCreditPackages(input: { currency: "BRL", packages: [{ quantity: 10, unitPriceMinor: 100 }] }) {
  __typename ... on Error { code message } } }`;

/** Sets prices, so that panels can buy credits from the platform. */
export async function setPrices({ platformToken }: World, origin: string): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const reply = await ask(origin, platformToken, SET_PRICES, {}, 10_000);
    if (reply.kind === 'answered' && reply.payload.__typename === 'SetCreditPackagesPayload') return;
    await delay(100);
  }
  throw new Error('the platform could not set its prices');
}

/** The id of a panel as clients of its tenant see it. */
export function resellerId({ tenantId, id, userId }: Panel): string {
  const actor: Actor = {
    userId,
    tenantId,
    email: 'somebody@soak.test',
    role: 'OWNER',
    sessionId: userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: null,
  };
  return encodeId({ actor }, 'Reseller', { tenantId, id });
}
