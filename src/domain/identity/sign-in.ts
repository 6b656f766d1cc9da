import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import { InvalidCredentials } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import type { Ports } from '../ports.ts';
import { emailSchema } from './email.ts';
import { passwordSchema } from './passwords.ts';
import type { OpenedSession } from './sessions.ts';

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** The client's network address: failures are counted by it. */
  readonly address: string;
}

const credentialsSchema = z.object({ email: emailSchema, password: passwordSchema });

/**
 * A new session for whoever has this e-mail and password. An unknown e-mail, a wrong password, a disabled user and a closed panel (R17)
 * are one refusal, InvalidCredentials, and cost the same work. RateLimited after too many failures.
 */
export async function signIn(ports: Pick<Ports, 'sql' | 'passwords' | 'signInLimits' | 'sessions'>, input: SignIn): Promise<OpenedSession> {
  const { email, password } = checkInput(credentialsSchema, { email: input.email, password: input.password });
  const opened = await ports.signInLimits.attempt(email, input.address, async () => {
    const user = await findUser(ports.sql, email);
    const isRight = await ports.passwords.verify(user?.password_hash ?? null, password);
    return user !== null && isRight ? ports.sessions.open({ tenantId: user.tenant_id, userId: user.id }) : null;
  });
  if (opened === null) throw new InvalidCredentials();
  return opened;
}

interface UserRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly password_hash: string;
}

/** The user who may sign in by this e-mail. */
async function findUser(sql: Sql, email: string): Promise<UserRow | null> {
  const [user] = await sql<UserRow[]>`
    SELECT u.tenant_id, u.id, u.password_hash
    FROM app_user u LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    WHERE u.email = ${email} AND u.disabled_at IS NULL AND r.closed_at IS NULL`;
  return user ?? null;
}
