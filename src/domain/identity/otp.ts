/** Verifies one-time codes and recovery codes, each of which works once. */

import { hash, randomBytes } from 'node:crypto';
import { verifySync } from 'otplib';
import { z } from 'zod';
import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { SecretBox } from '../../kernel/secrets.ts';

/** RFC 6238 as every app implements it: six digits, a new code every 30 seconds. The previous and the next code are accepted too. */
const STEP_SECONDS = 30;
const TOTP_CODE = /^\d{6}$/;

const RECOVERY_CODES = 10;
/** In base 32, lower case, shown in groups of four. */
const RECOVERY_CHARACTERS = 16;
const RECOVERY_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const RECOVERY_CODE = /^[a-z2-7]{16}$/;
const MAX_OTP_CHARACTERS = 64;

/** A code as a person types it. Removes spaces and dashes, and converts it to lower case. */
export const otpSchema = z
  .string()
  .max(MAX_OTP_CHARACTERS, `must have at most ${MAX_OTP_CHARACTERS} characters.`)
  .transform((code) => code.replaceAll(/[\s-]/g, '').toLowerCase());

/** The facts of a user that are needed to check a code. */
export interface OtpHolder {
  readonly tenantId: string;
  readonly userId: string;
  /** Sealed. */
  readonly totpSecret: string | null;
  readonly totpEnabled: boolean;
}

/** The context that a user's secret is sealed with. */
export function totpContext({ tenantId, userId }: Pick<OtpHolder, 'tenantId' | 'userId'>): string {
  return `app_user.totp_secret ${tenantId} ${userId}`;
}

/** Returns whether the code is valid, as the app's code or a recovery code, and uses it up. Of two concurrent calls only one succeeds. */
export async function consumeOtp(
  ports: { readonly sql: Sql; readonly secrets: SecretBox },
  user: OtpHolder,
  code: string,
): Promise<boolean> {
  if (TOTP_CODE.test(code)) return consumeTotp(ports, user, code);
  return RECOVERY_CODE.test(code) && consumeRecoveryCode(ports.sql, user, code);
}

/** Returns the time step of the code, by the database's clock (R25). Returns null if the code is not valid now. */
export async function stepOfCode(
  { sql, secrets }: { readonly sql: Sql; readonly secrets: SecretBox },
  user: OtpHolder,
  code: string,
): Promise<number | null> {
  if (user.totpSecret === null || !TOTP_CODE.test(code)) return null;
  const secret = secrets.open(user.totpSecret, totpContext(user));
  const [clock] = await sql<{ epoch: number }[]>`SELECT floor(extract(epoch FROM clock_timestamp()))::bigint AS epoch`;
  if (clock === undefined) throw new Error('the database returned no time');
  const result = verifySync({ secret, token: code, epoch: clock.epoch, period: STEP_SECONDS, epochTolerance: STEP_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}

async function consumeTotp(ports: { readonly sql: Sql; readonly secrets: SecretBox }, user: OtpHolder, code: string): Promise<boolean> {
  const step = await stepOfCode(ports, user, code);
  if (step === null) return false;
  const { count } = await ports.sql`
    UPDATE app_user SET totp_last_step = ${step}
    WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} AND totp_confirmed_at IS NOT NULL AND totp_secret = ${user.totpSecret}
      AND (totp_last_step IS NULL OR totp_last_step < ${step})`;
  return count > 0;
}

async function consumeRecoveryCode(sql: Sql, user: OtpHolder, code: string): Promise<boolean> {
  const { count } = await sql`
    DELETE FROM recovery_code WHERE tenant_id = ${user.tenantId} AND user_id = ${user.userId} AND code_hash = ${hashOf(user, code)}`;
  return count > 0;
}

/** Replaces the user's recovery codes. They are shown once: only their hashes are stored. */
export async function replaceRecoveryCodes(tx: Transaction, user: Pick<OtpHolder, 'tenantId' | 'userId'>): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const hashes = codes.map((code) => hashOf(user, code).toString('hex'));
  await tx`DELETE FROM recovery_code WHERE tenant_id = ${user.tenantId} AND user_id = ${user.userId}`;
  await tx`
    INSERT INTO recovery_code (tenant_id, user_id, code_hash)
    SELECT ${user.tenantId}::uuid, ${user.userId}::uuid, decode(unnest(${plainArray(hashes)}::text[]), 'hex')`;
  return codes.map((code) => code.replace(/(....)(?=.)/g, '$1-'));
}

/** 80 random bits cannot be guessed from a hash, so no slow hash is needed. */
function newRecoveryCode(): string {
  return Array.from(randomBytes(RECOVERY_CHARACTERS), (byte) => RECOVERY_ALPHABET[byte % RECOVERY_ALPHABET.length]).join('');
}

function hashOf({ tenantId, userId }: Pick<OtpHolder, 'tenantId' | 'userId'>, code: string): Buffer {
  return hash('sha256', `${tenantId} ${userId} ${code}`, 'buffer');
}
