import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOrCreateSecretsKey } from '../../src/db/embedded/secrets-key.ts';
import { makeFolder } from '../support/worlds/database.ts';

test('the key next to the data is created once, and only its owner may read it', async () => {
  const folder = await makeFolder();
  const key = await readOrCreateSecretsKey(folder);
  expect(key).toHaveLength(32);
  expect(await readOrCreateSecretsKey(folder)).toEqual(key);
  expect((await stat(join(folder, 'secrets-key'))).mode & 0o777).toBe(0o600);
});

test('a damaged key is an error that names the file and not its content', async () => {
  const folder = await makeFolder();
  await readOrCreateSecretsKey(folder);
  await writeFile(join(folder, 'secrets-key'), 'damaged');
  const problem = await readOrCreateSecretsKey(folder).catch((error: unknown) => String(error));
  expect(problem).toContain(join(folder, 'secrets-key'));
  expect(problem).not.toContain('damaged');
  expect(await readFile(join(folder, 'secrets-key'), 'utf8')).toBe('damaged');
});
