/** The use case inviteUser: creates a user of the acting panel. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { AlreadyExists, InvalidState } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { requirePanel, requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { emailSchema } from './email.ts';
import { claimEmail, emailName } from './emails.ts';
import { passwordSchema } from './passwords.ts';

export const TEAM_ROLES: readonly Role[] = ['OWNER'];

/** The most users of one panel. */
const MAX_USERS = 1_000;

/** The roles of a panel's users. A panel cannot give the platform's own role. */
export const panelRoleSchema = z.enum(['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'], { error: 'must be OWNER, OPERATOR, FINANCE or VIEWER.' });

const schema = z.object({ email: emailSchema, password: passwordSchema, role: panelRoleSchema });

export interface TeamUser {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}

/** Creates a user of the acting panel, with a first password that the inviter chooses. Throws AlreadyExists if any user has the e-mail. */
export async function inviteUser(
  ports: Pick<Ports, 'sql' | 'directory' | 'passwords'>,
  { actor, address }: Acting,
  input: { readonly email: string; readonly password: string; readonly role: Role },
): Promise<TeamUser> {
  requirePerson(actor);
  const panel = requirePanel(actor, TEAM_ROLES);
  const { email, password, role } = checkInput(schema, input);
  const passwordHash = await ports.passwords.hash(password);
  const { tenantId } = actor;
  const insert = async (tx: Transaction) => {
    const users = await tx`SELECT FROM app_user WHERE tenant_id = ${tenantId} AND reseller_id = ${panel.id} LIMIT ${MAX_USERS}`;
    if (users.count === MAX_USERS) throw new InvalidState(`A panel has at most ${MAX_USERS} users, disabled ones included.`);
    const id = uuidv7();
    const isFree = ports.directory === null || (await claimEmail(ports.directory, email, { tenantId, subjectId: id }));
    if (!isFree) throw new AlreadyExists('This e-mail is taken.');
    const { count } = await tx`
      INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
      VALUES (${tenantId}, ${id}, ${panel.id}, ${email}, ${passwordHash}, ${role}, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT DO NOTHING`;
    if (count === 0) throw new AlreadyExists('This e-mail is taken.');
    await recordAudit(tx, {
      tenantId,
      resellerId: panel.id,
      actorId: actor.userId,
      address,
      action: 'USER_INVITED',
      subject: email,
      changes: [{ field: 'role', before: null, after: role }],
    });
    return { tenantId, id, email, role };
  };
  // The ledger takes the same lock before it checks whether an e-mail is free.
  return transactAsOwner(ports, actor, panel, insert, { name: emailName(email) });
}
