/** Makes and reads the SECRETS_KEY that lies beside the data of an embedded database. */

import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_KEY_BYTES } from '../../kernel/secrets.ts';
import { StartupProblem } from '../../kernel/startup-problem.ts';

const FILE = 'secrets-key';

/** The key that lies beside an embedded database's data, made when there is none: 32 bytes in base64, readable by its owner only. */
export async function keepSecretsKey(folder: string): Promise<Buffer> {
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
    throw new StartupProblem(`${file} holds no key of ${SECRET_KEY_BYTES} bytes: restore it, or remove it and lose the secrets.`);
  return kept;
}
