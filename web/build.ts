/** Builds the web application into web/dist, which the server serves. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { buildServiceWorker } from './install.ts';

const here = import.meta.dirname;
const dist = join(here, 'dist');

/**
 * Builds into a temporary folder and renames it to web/dist. A server that starts during the build, or a second build, sees
 * either the old folder or the new one, never half of one.
 */
async function buildWeb(): Promise<void> {
  const outDir = await mkdtemp(join(here, '.dist-'));
  const old = `${outDir}-old`;
  try {
    await build({
      configFile: join(here, 'vite.config.ts'),
      configLoader: 'native',
      mode: 'production',
      logLevel: 'warn',
      build: { outDir },
    });
    await buildServiceWorker(outDir);
    // Only the user that created a temporary folder can read it; the server may run as another user.
    await chmod(outDir, 0o755);
    if (existsSync(dist)) await rename(dist, old);
    await rename(outDir, dist);
  } finally {
    await Promise.all([outDir, old].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Builds if any source is newer than the last build. Runs in its own process, so that this process's NODE_ENV does not matter. */
export async function ensureWeb(): Promise<void> {
  const built = await stat(join(dist, 'index.html')).catch(() => null);
  if (built !== null && built.mtimeMs >= (await newestSourceMs())) return;
  const building = spawn(process.execPath, [import.meta.filename], { env: {}, stdio: 'inherit' });
  const [code] = await once(building, 'exit');
  if (code !== 0) throw new Error('the web application could not be built');
}

async function newestSourceMs(): Promise<number> {
  const sources = await readdir(join(here, 'src'), { recursive: true, withFileTypes: true });
  const files = sources.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = await Promise.all(
    [...files, ...['index.html', 'vite.config.ts', 'install.ts'].map((name) => join(here, name))].map(
      async (file) => (await stat(file)).mtimeMs,
    ),
  );
  return Math.max(...times);
}

/** `npm run web` exits with an error when the build fails. With --spare (installation, start) a failure is only logged. */
if (import.meta.main) {
  // With any other value the build would contain React's development version.
  // biome-ignore lint/style/noProcessEnv: this setting is Vite's, not the server's
  process.env.NODE_ENV = 'production';
  const isSpare = process.argv.includes('--spare');
  if (!(process.argv.includes('--if-missing') && existsSync(dist))) {
    await buildWeb().catch((error: unknown) => {
      if (!isSpare) throw error;
      console.error(`The web application could not be built; the API runs without it: ${error instanceof Error ? error.message : error}`);
    });
  }
}
