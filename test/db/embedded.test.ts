import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../../src/db/embedded/process-identity.ts';
import { startEmbedded } from '../../src/db/embedded/start.ts';
import { killPostgres } from '../support/processes/private-postgres.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { copyCluster, makeFolder } from '../support/worlds/database.ts';

const OWNER = fileURLToPath(new URL('../support/processes/embedded-owner.child.ts', import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, null>;

let folder: string;
let dataDir: string;
let children: Child[];

beforeEach(async () => {
  folder = await makeFolder();
  dataDir = join(folder, 'data');
  children = [];
});

afterEach(async () => {
  for (const child of children) await kill(child);
  // Adopts and stops whatever a test left running.
  if (existsSync(join(dataDir, 'owner.json'))) {
    const left = await startEmbedded({ dataDir, durable: false });
    await left.stop();
  }
  // The initdb of a killed start may still be writing.
  await rm(folder, { recursive: true, maxRetries: 50 });
});

interface Answer {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly problem?: string;
}

/** Starts it in another process, which keeps it until the process is killed or its input ends. */
async function startElsewhere(user: { uid?: number; gid?: number } = {}): Promise<{ child: Child; answer: Answer }> {
  const child = spawn(process.execPath, [OWNER, dataDir], { ...user, stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, answer: JSON.parse(line) };
}

async function kill(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function ask(url: string, query: string): Promise<readonly Record<string, unknown>[]> {
  const sql = openTestSql(url);
  try {
    return await sql.unsafe(query);
  } finally {
    await sql.end();
  }
}

test('committed data survives a stop and a start, and the settings are durable', async () => {
  const first = await startEmbedded({ dataDir, durable: true });
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const settings = await ask(
    first.url,
    `SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) AS list FROM pg_settings
     WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories', 'password_encryption')`,
  );
  expect(settings[0]?.list).toBe(
    'fsync=on full_page_writes=on listen_addresses=127.0.0.1 password_encryption=scram-sha-256 synchronous_commit=on unix_socket_directories=',
  );
  await first.stop();
  expect(await isAlive(first.pid)).toBe(false);
  const second = await startEmbedded({ dataDir, durable: true });
  expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('the password is random, readable by its owner only, and required', async () => {
  const postgres = await startEmbedded({ dataDir, durable: true });
  const file = join(dataDir, 'password');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, 'utf8')).trim().length).toBeGreaterThanOrEqual(32);
  const wrong = new URL(postgres.url);
  wrong.password = 'postgres';
  await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  await postgres.stop();
});

test('a folder that a living process uses is refused in one line, even from the same process', async () => {
  await copyCluster(dataDir);
  const { child } = await startElsewhere();
  const message = `already running: process ${child.pid} uses the database of ${dataDir}.`;
  await expect(startEmbedded({ dataDir, durable: true })).rejects.toThrow(message);
  expect((await startElsewhere()).answer.problem).toBe(message);
});

test('a Postgres whose owner was killed is adopted, connections and all', async () => {
  await copyCluster(dataDir);
  const { child, answer } = await startElsewhere();
  const sql = openTestSql(answer.url);
  await sql`CREATE TABLE kept AS SELECT 42 AS answer`;
  await kill(child);
  const adopted = await startEmbedded({ dataDir, durable: true });
  expect({ pid: adopted.pid, url: adopted.url }).toEqual({ pid: answer.pid, url: answer.url });
  expect(await sql`SELECT answer FROM kept`).toEqual([{ answer: 42 }]);
  await sql.end();
  await adopted.stop();
  expect(await isAlive(answer.pid)).toBe(false);
});

test('a Postgres that was killed with its owner recovers', async () => {
  await copyCluster(dataDir);
  const { child, answer } = await startElsewhere();
  await ask(answer.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await kill(child);
  await killPostgres(answer.pid);
  const recovered = await startEmbedded({ dataDir, durable: true });
  expect(recovered.pid).not.toBe(answer.pid);
  expect(await ask(recovered.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await recovered.stop();
});

test('a stale process id that now belongs to another program does not stop the start', async () => {
  await copyCluster(dataDir);
  const { child, answer } = await startElsewhere();
  await kill(child);
  await killPostgres(answer.pid);
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [process.pid, ...lines.slice(1)].join('\n'));
  await writeFile(join(dataDir, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
  const recovered = await startEmbedded({ dataDir, durable: true });
  expect(await ask(recovered.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await recovered.stop();
});

test('of several processes that start at once exactly one gets the database', async () => {
  await copyCluster(dataDir);
  const started = await Promise.all([1, 2, 3, 4].map(() => startElsewhere()));
  const problems = started.flatMap(({ answer }) => answer.problem ?? []);
  expect(problems).toHaveLength(3);
  for (const problem of problems) expect(problem).toMatch(/^already running: process \d+ uses the database of /);
});

test('a start that was killed while it created the database is begun again', async () => {
  const child = spawn(process.execPath, [OWNER, dataDir], { stdio: 'ignore' });
  await until(async () => (await readdir(dataDir).catch(() => [])).some((name) => name.startsWith('postgres.new.')));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const postgres = await startEmbedded({ dataDir, durable: true });
  expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await postgres.stop();
});

test('a port that is taken is reported, and nothing is left running', async () => {
  await copyCluster(dataDir);
  const first = await startEmbedded({ dataDir, durable: false });
  await first.stop();
  const blocker = createServer().listen(first.port, '127.0.0.1');
  await once(blocker, 'listening');
  await expect(startEmbedded({ dataDir, durable: false, port: first.port })).rejects.toThrow(/^PostgreSQL does not start; .* says why\.$/);
  blocker.close();
  const second = await startEmbedded({ dataDir, durable: false, port: first.port });
  await second.stop();
});

test.runIf(process.getuid?.() === 0)(
  'as root, below a folder that Postgres cannot enter, the data go to a named folder outside',
  async () => {
    await chmod(folder, 0o700);
    const postgres = await startEmbedded({ dataDir, durable: false });
    const [row] = await ask(postgres.url, "SELECT current_setting('data_directory') AS folder");
    await postgres.stop();
    const outside = dirname(String(row?.folder));
    expect(outside).toMatch(/^\/var\/lib\/revenda-embedded\/[0-9a-f]{12}$/);
    expect(await readFile(join(dataDir, 'README'), 'utf8')).toContain(outside);
    await chmod(folder, 0o755);
    await rm(outside, { recursive: true });
  },
);

test.runIf(process.getuid?.() === 0)("an ordinary user can start it, and root can serve that user's data", async () => {
  const user = { uid: 65_534, gid: 65_534 };
  await mkdir(dataDir);
  await chown(dataDir, user.uid, user.gid);
  const { child, answer } = await startElsewhere(user);
  await ask(answer.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  child.stdin.end();
  await once(child, 'exit');
  expect(await isAlive(answer.pid)).toBe(false);
  const postgres = await startEmbedded({ dataDir, durable: true });
  expect((await stat(`/proc/${postgres.pid}`)).uid).toBe(user.uid);
  expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await postgres.stop();
});
