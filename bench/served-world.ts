/** A tenant whose customers sign in to a service, with a server and the credential checks to send to it. */
import { randomBytes } from 'node:crypto';
import { openSql } from '../src/db/sql.ts';
import { sealedSecret } from '../src/domain/access/credentials.ts';
import { newApiKey } from '../src/domain/identity/sessions.ts';
import { createSecretBox } from '../src/kernel/secrets.ts';
import { targetOf } from './http-client.ts';
import { openServer, type Server } from './server.ts';
import { signInAll } from './signed-in.ts';
import type { Panel } from './world.ts';

/** Customers who sign in, evenly spread over all. */
const ASKED = 20_000;
const SECRET = 'a secret of all';

export interface ServedTenant {
  readonly server: Server;
  readonly token: string;
  readonly service: string;
  /** The secrets key, with which another server can run on the same database. */
  readonly secretsKey: string;
  /** The bodies of the checks, one check in each. */
  readonly bodies: readonly string[];
  readonly targets: readonly ReturnType<typeof targetOf>[];
}

export async function openServed(url: string, customers: number, execArgv: readonly string[] = []): Promise<ServedTenant> {
  const key = randomBytes(32);
  const tenantId = '01900000-0000-7000-8000-0000000000aa';
  const root: Panel = { tenantId, id: idOf(0), userId: idOf(0) };
  const { prefix, token: service, tokenHash } = newApiKey('SERVICE');
  const sql = openSql(url, { name: 'bench', max: 1, role: null });
  await sql`SET statement_timeout = 0`;
  // Autovacuum may hold a lock on the rows just inserted.
  await sql`SET lock_timeout = 0`;
  await sql`INSERT INTO tenant VALUES (${tenantId}, 'Served', now())`;
  await sql`INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at) VALUES (${tenantId}, ${root.id}, NULL, '0.', 0, 'Root', now())`;
  await sql`INSERT INTO account (tenant_id, id, balance, version, locked_since, consumed, changed_at) VALUES (${tenantId}, ${root.id}, 0, 0, now(), 0, now())`;
  await sql`
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    VALUES (${tenantId}, ${root.userId}, ${root.id}, 'root@served.test', 'none', 'OWNER', now())`;
  await sql`
    INSERT INTO api_key (tenant_id, id, reseller_id, user_id, name, prefix, token_hash, scope, created_at)
    VALUES (${tenantId}, ${root.id}, ${root.id}, ${root.userId}, 'server', ${prefix}, ${tokenHash}, 'SERVICE', now())`;
  await sql`
    INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, credits_spent, created_at, has_access)
    SELECT ${tenantId}, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${root.id}, 'c', 'c', 1, 1, false, now() + interval '30 days', 0, now(), true
    FROM generate_series(1, ${customers}::integer) AS n`;
  // Customers who never sign in need no valid secret.
  await sql`
    INSERT INTO customer_access (tenant_id, customer_id, login, secret, proof, updated_at)
    SELECT tenant_id, id, 'user.' || id, 'none', 'none', now() FROM customer`;
  const step = Math.max(1, Math.floor(customers / ASKED));
  const asked = Array.from({ length: Math.min(ASKED, customers) }, (_, index) => idOf(1 + index * step));
  const secrets = createSecretBox([key]);
  const sealed = JSON.stringify(asked.map((id) => ({ id, ...sealedSecret(secrets, { tenantId, id }, SECRET) })));
  await sql`
    UPDATE customer_access a SET secret = w.secret, proof = w.proof
    FROM jsonb_to_recordset(${sealed}::text::jsonb) AS w (id uuid, secret text, proof text) WHERE a.customer_id = w.id`;
  await sql`VACUUM ANALYZE`;
  await sql.end();
  const sessions = await signInAll(url, [root]);
  const server = await openServer('./servers/revenda.ts', { url, sessions, options: { secretsKey: key.toString('base64') } }, execArgv);
  const bodies = asked.map((id) => JSON.stringify({ login: `user.${id}`, secret: SECRET }));
  const targets = bodies.map((body) => targetOf('/access/check', service, body));
  return { server, token: sessions[0]?.[0] ?? '', service, secretsKey: key.toString('base64'), bodies, targets };
}

function idOf(number: number): string {
  return `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
