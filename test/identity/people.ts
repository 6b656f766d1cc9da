/** Inserts users directly into the database. */

import type { Sql } from '../../src/db/sql.ts';
import type { Role } from '../../src/kernel/actor.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { noteEmails } from '../support/worlds/directory.ts';

export interface Person {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly userId: string;
  readonly email: string;
}

export interface NewPerson {
  readonly email?: string;
  readonly passwordHash?: string;
  readonly role?: Role;
}

/** Inserts a tenant of one panel, whose path is "a.", with one user. */
export async function insertPerson(sql: Sql, { email, passwordHash = 'none', role = 'OWNER' }: NewPerson = {}): Promise<Person> {
  const person = { tenantId: uuidv7(), resellerId: uuidv7(), userId: uuidv7(), email: email ?? `${uuidv7()}@people.test` };
  await sql`INSERT INTO tenant (id, name, created_at) VALUES (${person.tenantId}, 'Tenant', now())`;
  await sql`INSERT INTO reseller (tenant_id, id, path, depth, name, created_at)
    VALUES (${person.tenantId}, ${person.resellerId}, 'a.', 0, 'Root', now())`;
  await sql`INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    VALUES (${person.tenantId}, ${person.userId}, ${person.resellerId}, ${person.email}, ${passwordHash}, ${role}, now())`;
  await noteEmails(sql, person.email);
  return person;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
