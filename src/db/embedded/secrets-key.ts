/** Creates and reads the SECRETS_KEY file next to the data of an embedded database. */

import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_KEY_BYTES } from '../../kernel/secrets.ts';
import { StartupProblem } from '../../kernel/startup-problem.ts';

const FILE = 'secrets-key';

/** Returns the key of an embedded database, and creates it if there is none. The file has 32 bytes in base64; only its owner can read it. */
export async function readOrCreateSecretsKey(folder: string): Promise<Buffer> {
  const file = join(folder, FILE);
  const made = randomBytes(SECRET_KEY_BYTES);
  try {
    await writeFile(file, `${made.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const kept = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  if (kept.length !== SECRET_KEY_BYTES)
    throw new StartupProblem(`${file} does not contain a key of ${SECRET_KEY_BYTES} bytes: restore it, or remove it and lose the secrets.`);
  return kept;
}
