/**
 * `npm run fuzz -- [--minutes N] [--seed N] [--workers N]`: sends everything that the schema allows, and more, to a
 * server on a Postgres of its own. It prints what was sent and found; the exit code is 1 if anything forbidden was
 * found.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { schema } from '../../../schema/index.ts';
import { openPrivatePostgres } from '../../support/processes/private-postgres.ts';
import { fuzz } from './fuzzer.ts';
import { say, signIn } from './tree.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const PLATFORM = { platformEmail: 'platform@fuzz.test', platformPassword: 'platform-of-the-fuzz' };

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' }, workers: { type: 'string', default: '4' } },
});
const seed = Number(options.seed ?? randomInt(2 ** 31));

const folder = await mkdtemp(join(tmpdir(), 'revenda-fuzz-'));
// Postgres' own user must be able to enter the folder.
await chmod(folder, 0o755);
const postgres = await openPrivatePostgres(join(folder, 'data'), false);
const server = spawn(process.execPath, [MAIN], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    ...{ DATABASE_URL: postgres.url, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', TRUST_PROXY: '1' },
    ...{ PLATFORM_EMAIL: PLATFORM.platformEmail, PLATFORM_PASSWORD: PLATFORM.platformPassword },
    SECRETS_KEY: Buffer.alloc(32, 'fuzz').toString('base64'),
  },
});
let isWell = false;
try {
  const origin = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => reject(new Error('the server ended')));
    createInterface(server.stdout).on('line', (line) => {
      const found = /(http:\/\/\S+)\/graphql/.exec(line)?.[1];
      if (found === undefined) process.stdout.write(`${line}\n`);
      else resolve(found);
    });
  });
  process.stdout.write(`seed ${seed}\n`);
  const found = await fuzz({
    schema,
    origin,
    ...PLATFORM,
    seed,
    forMs: Number(options.minutes) * 60_000,
    atLeast: 0,
    workers: Number(options.workers),
  });
  const health = await say(
    origin,
    await signIn(origin, PLATFORM.platformEmail, PLATFORM.platformPassword),
    '{ ledgerHealth { ok problems issued entries } }',
  );
  const { answered, asked, codes, doors, failures } = found;
  process.stdout.write(`${JSON.stringify({ seed, asked, doors, codes, answered: [...answered].sort(), health }, null, 2)}\n`);
  for (const failure of failures) process.stdout.write(`\nFOUND: ${failure}\n`);
  isWell = failures.length === 0 && JSON.stringify(health).includes('"ok":true') && server.exitCode === null;
} finally {
  server.removeAllListeners('exit');
  server.kill('SIGKILL');
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isWell ? 0 : 1;
