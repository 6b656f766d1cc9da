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

/** Builds into a folder of its own and puts it in place whole: a server that starts meanwhile, or another build, sees one or the other. */
async function buildPanel(): Promise<void> {
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
    // A temporary folder is its maker's alone; the server may run as somebody else.
    await chmod(outDir, 0o755);
    if (existsSync(dist)) await rename(dist, old);
    await rename(outDir, dist);
  } finally {
    await Promise.all([outDir, old].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Builds unless what was built is newer than everything it is made of; in a process of its own, whatever mode this one is in. */
export async function ensurePanel(): Promise<void> {
  const built = await stat(join(dist, 'index.html')).catch(() => null);
  if (built !== null && built.mtimeMs >= (await newestSourceMs())) return;
  const building = spawn(process.execPath, [import.meta.filename], { env: {}, stdio: 'inherit' });
  const [code] = await once(building, 'exit');
  if (code !== 0) throw new Error('the panel could not be built');
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

/** `npm run web` builds and fails loudly. With --spare, as an installation and a start do it, nothing but the panel is lost by a failure. */
if (import.meta.main) {
  // Set to anything else it would build a React for development.
  // biome-ignore lint/style/noProcessEnv: this is Vite's setting, not one of the server's
  process.env.NODE_ENV = 'production';
  const isSpare = process.argv.includes('--spare');
  if (!(process.argv.includes('--if-missing') && existsSync(dist))) {
    await buildPanel().catch((error: unknown) => {
      if (!isSpare) throw error;
      console.error(`The panel could not be built, so the API is served without it: ${error instanceof Error ? error.message : error}`);
    });
  }
}
